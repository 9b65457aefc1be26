/** Opens the accounts: database, keys, limits, usage. */

import { adminOfAccounts, adminOfByok } from './admin-accounts.ts';
import type { AccountsAdmin } from './admin-contract.ts';
import { adminOfKeys } from './admin-keys.ts';
import { type Budgets, openBudgets } from './budgets.ts';
import type { Accounts } from './contract.ts';
import { openDatabase, type Place } from './database.ts';
import { type Change, type Directory, openDirectory } from './directory.ts';
import { NO_LIMITS } from './limits.ts';
import { accounts, type Orm } from './schema.ts';
import { sealerOf } from './secrets.ts';
import { LOCAL, type Store, storeOf } from './store.ts';
import { tidy } from './tidy.ts';
import { usageBy } from './usage-queries.ts';

/** Times in milliseconds. */
export interface Timing {
  /** How long a key, an account or a provider key is used without looking whether it changed (default 10 s). */
  freshMs?: number;
  /** How long it is used while the database is down (default 10 min). */
  staleMs?: number;
  /** How often what was used is written (default 100 ms). */
  flushMs?: number;
  /** How long what a node may spend stays reserved for it when it is not heard of (default 20 s). */
  leaseMs?: number;
  /** Keys kept in memory (default 10,000). */
  cachedKeys?: number;
  /** The clock, milliseconds since 1970. */
  now?(): number;
}

export interface AccountsOptions extends Place, Timing {
  /** Provider keys are encrypted with a key made from it. @see encryptionSecret */
  secret: string;
  /** Only this machine can reach the server: as long as no key was ever made, everybody is the account `local`. */
  open: boolean;
  /** Days of usage that are kept by model and day (default 400, at least 35); older ones are folded together. */
  usageDays?: number;
}

export interface OpenAccounts extends Accounts {
  readonly admin: AccountsAdmin;
  /** Whether the database answered last time, and how many rows of usage wait for it. */
  status(): { reachable: boolean; waitingRows: number };
}

/** The process that has the database: others may ask it (remote.ts). */
export interface HostingAccounts extends OpenAccounts {
  readonly store: Store;
  /** Calls back for every change made here; returns how to stop that. */
  onChange(listener: (change: Change) => void): () => void;
  /** Folds old usage, deletes what is over. Happens by itself every hour. */
  tidy(): Promise<number>;
  /** Why the database could not be reached since the start; null: it was. */
  trouble(): string | null;
}

const HOUR_MS = 3_600_000;

/**
 * `databaseUrl` leads to PostgreSQL, for any number of nodes; without it PGlite lives in `<dataDir>/accounts`, for one
 * process at a time. With `whileAway` PostgreSQL may be down: what needs it throws `accounts_unavailable` until it is there.
 * @throws `accounts_unavailable`, `accounts_in_use`, `accounts_newer`, `bad_secret`
 */
export async function openAccounts(options: AccountsOptions): Promise<HostingAccounts> {
  const sealer = sealerOf(options.secret);
  const now = options.now ?? Date.now;
  const database = await openDatabase(options, (orm) => makeLocal(orm, now()));
  const listeners = new Set<(change: Change) => void>();
  const notify = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  const parts = { database, sealer, now, notify };
  const store = storeOf(database, sealer, options.open);
  const admin: AccountsAdmin = {
    ...adminOfAccounts(parts),
    ...adminOfKeys(parts),
    ...adminOfByok(parts),
    usage: (query) => usageBy(database, query),
  };
  const tidyUp = () => tidy(database, now(), options.usageDays ?? 400);
  const cleaning = setInterval(() => tidyUp().catch(() => undefined), HOUR_MS);
  cleaning.unref();
  const { directory, budgets, ...assembled } = assemble(store, admin, options, async () => {
    clearInterval(cleaning);
    await database.close();
  });
  listeners.add(directory.changed);
  return {
    ...assembled,
    store,
    tidy: tidyUp,
    trouble: database.trouble,
    status: () => {
      const { reachable, waitingRows } = assembled.status();
      return { reachable: reachable && database.trouble() === null, waitingRows };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What every process has for itself, whether it has the database or asks another one. */
export function assemble(
  store: Store,
  admin: AccountsAdmin,
  timing: Timing,
  end: () => Promise<void>,
): OpenAccounts & { directory: Directory; budgets: Budgets } {
  const now = timing.now ?? Date.now;
  const directory = openDirectory(store, {
    freshMs: timing.freshMs ?? 10_000,
    staleMs: timing.staleMs ?? 600_000,
    size: timing.cachedKeys ?? 10_000,
    now,
  });
  const budgets = openBudgets(store, {
    flushMs: timing.flushMs ?? 100,
    leaseMs: timing.leaseMs ?? 20_000,
    now,
  });
  let closing: Promise<void> | null = null;
  return {
    directory,
    budgets,
    admin,
    authenticate: directory.authenticate,
    byokKey: (caller, provider) => directory.byokKey(caller.account.id, provider),
    reserve: budgets.reserve,
    flush: budgets.flush,
    status: budgets.status,
    close() {
      closing ??= budgets.close().finally(end);
      return closing;
    },
  };
}

const makeLocal = (orm: Orm, now: number): Promise<unknown> =>
  orm
    .insert(accounts)
    .values({
      id: LOCAL,
      name: LOCAL,
      country: null,
      limits: NO_LIMITS,
      credits: null,
      apps: [],
      sampling: true,
      disabled: false,
      createdAt: now,
    })
    .onConflictDoNothing();
