/** Managing accounts and keys through a server that runs (admin-routes.ts): what a command needs when the server has the database. */
import { isStateaiError } from '../generation/errors.ts';
import type { AccountsAdmin } from './admin-contract.ts';
import { AccountsError, unavailable } from './errors.ts';

export type KeyAdmin = Pick<
  AccountsAdmin,
  | 'listAccounts'
  | 'createAccount'
  | 'updateAccount'
  | 'listKeys'
  | 'getKey'
  | 'createKey'
  | 'updateKey'
  | 'deleteKey'
>;

/**
 * @param url of the server, without a path
 * @param secret the admin secret; null where none is needed
 * Errors are those of `AccountsAdmin`; `accounts_unavailable` also when the server does not answer.
 */
export function httpAdmin(url: string, secret: string | null): KeyAdmin {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    try {
      const response = await fetch(`${url}/stats/v1/admin${path}`, {
        method,
        headers: {
          ...(secret === null ? {} : { Authorization: `Bearer ${secret}` }),
          ...(body ? { 'Content-Type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(30_000),
      });
      if (response.status === 204) return undefined as T;
      const answer = (await response.json()) as T & {
        error?: { code: string; message: string; next?: string };
      };
      if (response.ok) return answer;
      const { code = 'failed', message = `Status ${response.status}`, next = '' } = answer.error ?? {};
      throw new AccountsError(code, message, code === 'unauthorized' ? ADMIN_SECRET : next);
    } catch (error) {
      if (isStateaiError(error)) throw error;
      throw unavailable(`the server at ${url} does not answer`, 1, error);
    }
  };
  const query = (values: object): string => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([k, v]) => [k, String(v)]))}`;
  };
  const at = (kind: string, id: string): string => `/${kind}/${encodeURIComponent(id)}`;
  return {
    listAccounts: (paging = {}) => ask('GET', `/accounts${query(paging)}`),
    createAccount: (input) => ask('POST', '/accounts', input),
    updateAccount: (id, input) => ask('PATCH', at('accounts', id), input),
    listKeys: ({ includeDisabled, ...filter } = {}) =>
      ask('GET', `/keys${query({ ...filter, include_disabled: includeDisabled })}`),
    getKey: (hash) => ask('GET', at('keys', hash)),
    createKey: (input) => ask('POST', '/keys', input),
    updateKey: (hash, input) => ask('PATCH', at('keys', hash), input),
    deleteKey: (hash) => ask('DELETE', at('keys', hash)),
  };
}

const ADMIN_SECRET = 'Set STATEAI_ADMIN_SECRET to the admin secret of the server.';
