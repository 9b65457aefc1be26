/**
 * Accounts in worker processes. One process holds the database (PGlite allows no more) and serves the others over their
 * channel. A worker knows keys and holds leases itself, as a node does: it asks only for what it does not know yet, and
 * writes what was used in batches. What is changed anywhere is forgotten in all of them at once.
 */
import { assemble, type HostingAccounts, type OpenAccounts, type Timing } from './accounts.ts';
import type { AccountsAdmin } from './admin-contract.ts';
import { answerer, asker, type Channel } from './channel.ts';
import type { Change } from './directory.ts';
import type { Store } from './store.ts';

const STORE = ['callers', 'openCaller', 'providerKeys', 'exchange'] as const satisfies (keyof Store)[];
const ADMIN = [
  'listAccounts',
  'getAccount',
  'createAccount',
  'updateAccount',
  'addCredits',
  'deleteAccount',
  'listKeys',
  'getKey',
  'createKey',
  'updateKey',
  'deleteKey',
  'listByokKeys',
  'setByokKey',
  'deleteByokKey',
  'usage',
] as const satisfies (keyof AccountsAdmin)[];

type Method = (...args: never[]) => Promise<unknown>;

/**
 * Answers one worker, until it is gone.
 * @returns stops answering
 */
export function serveAccounts(accounts: HostingAccounts, channel: Channel): () => void {
  const { store, admin } = accounts;
  const methods = new Map<string, Method>([
    ...STORE.map((name) => [`store.${name}`, store[name].bind(store) as Method] as const),
    ...ADMIN.map((name) => [`admin.${name}`, admin[name].bind(admin) as Method] as const),
  ]);
  const stop = () => {
    forget();
    answers.stop();
  };
  const answers = answerer(channel, methods, () => stop());
  const forget = accounts.onChange((change) => answers.tell(change));
  return stop;
}

/** The accounts as a worker sees them. Closing writes what was used; the process that is asked goes on. */
export function remoteAccounts(channel: Channel, timing: Timing = {}): OpenAccounts {
  const { ask, stop } = asker(channel, (change) => directory.changed(change as Change));
  const proxy = (prefix: string, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => [name, (...args: unknown[]) => ask(`${prefix}.${name}`, args)]),
    ) as unknown;
  const store = proxy('store', STORE) as Store;
  const { directory, budgets, ...accounts } = assemble(
    store,
    proxy('admin', ADMIN) as AccountsAdmin,
    timing,
    async () => stop(),
  );
  return accounts;
}
