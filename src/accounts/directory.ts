/** Who calls: keys and their accounts, provider keys, and the open mode, as known in this process. */
import type { Caller, Purpose } from './contract.ts';
import { AccountsError, unauthorized } from './errors.ts';
import { freshCache } from './fresh-cache.ts';
import { hashOf, looksLikeSecret } from './secrets.ts';
import type { Store } from './store.ts';

export interface DirectoryOptions {
  /** How long a key is used without looking whether it changed, milliseconds. */
  freshMs: number;
  /** How long it is used while the database is down. */
  staleMs: number;
  /** How many keys are kept in memory. */
  size: number;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What was changed: a key by its hash, an account, its provider keys, or whether keys are required. */
export type Change = { key: string } | { account: string } | { providerKeys: string } | { open: true };

export interface Directory {
  authenticate(secret: string | null, purpose?: Purpose): Promise<Caller>;
  byokKey(account: string, provider: string): Promise<string | null>;
  /** Forgets what was changed. */
  changed(change: Change): void;
}

const NO_KEY = 'Send a key as "Authorization: Bearer sk-sa-v1-…"; stateai keys create makes one.';
const OTHER_KEY = 'Use another key; stateai keys list shows which there are.';

export function openDirectory(store: Store, options: DirectoryOptions): Directory {
  const { freshMs, staleMs, size } = options;
  const callers = freshCache<Caller>({
    load: (hashes) => store.callers(hashes),
    freshMs,
    staleMs,
    absentMs: freshMs,
    size,
  });
  const providerKeys = freshCache<Record<string, string | null>>({
    load: (ids) => store.providerKeys(ids),
    freshMs,
    staleMs,
    absentMs: freshMs,
    size,
  });
  const open = freshCache<Caller>({
    load: async () => [await store.openCaller()],
    freshMs,
    staleMs,
    absentMs: freshMs,
    size: 1,
  });

  const known = async (secret: string): Promise<Caller | null> =>
    looksLikeSecret(secret) ? callers.get(hashOf(secret)) : null;

  return {
    async authenticate(secret, purpose = 'traffic') {
      const caller = secret === null ? null : await known(secret);
      if (caller) return checkedFor(purpose, checked(caller, options.now()));
      // Clients insist on some key: as long as the gateway is open, any will do.
      const everybody = await open.get('');
      if (everybody) return checked(everybody, options.now());
      throw secret === null
        ? unauthorized('No key was sent', NO_KEY)
        : unauthorized('There is no such key', NO_KEY);
    },
    async byokKey(account, provider) {
      const known = (await providerKeys.get(account)) ?? {};
      const key = Object.hasOwn(known, provider) ? known[provider] : undefined;
      if (key === null)
        throw new AccountsError(
          'byok_unreadable',
          'A stored provider key cannot be decrypted',
          'It was stored under another secret: restore that (workspace.json or STATEAI_ENCRYPTION_KEY), or set the provider key anew.',
        );
      return key ?? null;
    },
    changed(change) {
      if ('key' in change) callers.forget((_, hash) => hash === change.key);
      else if ('account' in change) {
        callers.forget((caller) => caller?.account.id === change.account);
        open.forget((caller) => caller?.account.id === change.account);
      } else if ('providerKeys' in change)
        providerKeys.forget((_, account) => account === change.providerKeys);
      else open.forget(() => true);
    },
  };
}

function checkedFor(purpose: Purpose, caller: Caller): Caller {
  const isIngest = caller.key?.ingest === true;
  if (isIngest === (purpose === 'ingest')) return caller;
  throw isIngest
    ? new AccountsError(
        'forbidden',
        'An ingest key sends records and cannot be used for anything else',
        'Make a key without --ingest.',
      )
    : new AccountsError(
        'forbidden',
        'The key may not send records',
        'Make one that may: stateai keys create <name> --ingest.',
      );
}

function checked(caller: Caller, now: number): Caller {
  const { key, account } = caller;
  if (key?.disabled) throw unauthorized('The key is disabled', OTHER_KEY);
  if (key && key.expiresAt !== null && key.expiresAt <= now)
    throw unauthorized(`The key expired on ${new Date(key.expiresAt).toISOString()}`, OTHER_KEY);
  if (account.disabled) throw unauthorized('The account of the key is disabled', OTHER_KEY);
  return caller;
}
