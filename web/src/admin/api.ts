/** What the admin page asks of the server. Every function rejects with a `Refusal` that the server gave, or where there is no answer. */
import type {
  AccountInput,
  AccountWithUsage,
  ByokKey,
  KeyInput,
  KeyWithUsage,
  NewKeyInput,
  Page,
  UsageDimension,
  UsageGroup,
} from '../../../src/accounts/admin-contract.ts';
import type { GatewayState } from '../../../src/server/gateway.ts';
import type { GatewayOverview, TrafficLine } from '../../../src/server/gateway-admin.ts';
import { address, checked } from '../lib/api.ts';

export type {
  AccountInput,
  AccountWithUsage,
  ByokKey,
  GatewayOverview,
  GatewayState,
  KeyInput,
  KeyWithUsage,
  NewKeyInput,
  TrafficLine,
  UsageDimension,
  UsageGroup,
};

export interface Session {
  needsLogin: boolean;
  isAdmin: boolean;
  /** Only the server's own machine can reach it: until a key is made, no request needs one. */
  isOpen: boolean;
}
export interface AccountsStatus {
  reachable: boolean;
  waitingRows: number;
}

async function ask<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const response = await checked(
    await fetch(address(`admin/${path}`), {
      method,
      signal: signal ?? null,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }),
  );
  return (response.status === 204 ? undefined : await response.json()) as T;
}
const get = <T>(path: string, signal?: AbortSignal) => ask<T>('GET', path, undefined, signal);
const part = encodeURIComponent;

export const fetchSession = (signal: AbortSignal) => get<Session>('session', signal);
export const logIn = (secret: string) => ask<void>('POST', 'login', { secret });
export const logOut = () => ask<void>('POST', 'logout');

export const fetchGateway = (signal: AbortSignal) => get<GatewayOverview>('gateway', signal);
export const reloadGateway = () => ask<void>('POST', 'gateway/reload');
export const fetchTraffic = async () =>
  (await get<{ generations: TrafficLine[] }>('traffic?limit=200')).generations;
export const trafficEvents = () => new EventSource(address('admin/traffic/events'));
export const fetchAccountsStatus = (signal: AbortSignal) => get<AccountsStatus>('status', signal);

/** So many accounts, and keys by their names, does the page hold at once. */
const MOST_ROWS = 1000;
const PAGE_ROWS = 100;

/** All pages of a list, up to a bound; `total` says how many there are. */
async function all<T>(path: string, signal: AbortSignal): Promise<Page<T>> {
  const items: T[] = [];
  for (;;) {
    const page = await get<Page<T>>(`${path}?limit=${PAGE_ROWS}&offset=${items.length}`, signal);
    items.push(...page.items);
    if (page.items.length === 0 || items.length >= Math.min(page.total, MOST_ROWS))
      return { items, total: page.total };
  }
}
export const fetchAccounts = (signal: AbortSignal) => all<AccountWithUsage>('accounts', signal);
export const fetchKeyNames = (signal: AbortSignal) => all<KeyWithUsage>('keys', signal);

export const createAccount = (input: AccountInput & { name: string }) =>
  ask<AccountWithUsage>('POST', 'accounts', input);
export const updateAccount = (id: string, input: AccountInput) =>
  ask<AccountWithUsage>('PATCH', `accounts/${part(id)}`, input);
export const addCredits = (id: string, usd: number) =>
  ask<AccountWithUsage>('POST', `accounts/${part(id)}/credits`, { usd });
export const deleteAccount = (id: string) => ask<void>('DELETE', `accounts/${part(id)}`);

export const fetchByok = async (account: string, signal: AbortSignal) =>
  (await get<{ items: ByokKey[] }>(`accounts/${part(account)}/byok`, signal)).items;
export const setByok = (account: string, provider: string, key: string) =>
  ask<ByokKey>('PUT', `accounts/${part(account)}/byok/${part(provider)}`, { key });
export const deleteByok = (account: string, provider: string) =>
  ask<void>('DELETE', `accounts/${part(account)}/byok/${part(provider)}`);

export interface KeyFilter {
  account: string | undefined;
  search: string;
  withDisabled: boolean;
}
export function fetchKeys({ account, search, withDisabled }: KeyFilter, offset: number, signal: AbortSignal) {
  const query = new URLSearchParams({
    limit: '50',
    offset: String(offset),
    include_disabled: String(withDisabled),
  });
  if (account) query.set('account', account);
  if (search) query.set('search', search);
  return get<Page<KeyWithUsage>>(`keys?${query}`, signal);
}
export const createKey = (input: NewKeyInput) =>
  ask<{ secret: string; key: KeyWithUsage }>('POST', 'keys', input);
export const updateKey = (hash: string, input: KeyInput) =>
  ask<KeyWithUsage>('PATCH', `keys/${part(hash)}`, input);
export const deleteKey = (hash: string) => ask<void>('DELETE', `keys/${part(hash)}`);

export const fetchUsage = async (by: UsageDimension, from: string, to: string, signal: AbortSignal) =>
  (await get<{ rows: UsageGroup[] }>(`usage?by=${by}&from=${from}&to=${to}`, signal)).rows;
