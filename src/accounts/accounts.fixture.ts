/** For tests of the accounts: databases to run them on, and short ways to say what a request costs. */
import { afterAll, beforeAll, describe } from 'vitest';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../testing/postgres.ts';
import { type AccountsOptions, type HostingAccounts, openAccounts } from './accounts.ts';
import type { AccountsAdmin, LimitsInput } from './admin-contract.ts';
import type { Caller, Estimate, Settlement } from './contract.ts';

export const SECRET = 'a secret of a workspace, for tests';

export interface TestDatabase {
  /** Opens accounts on this test file's database; more than once only where `nodes`. */
  open(options?: Partial<AccountsOptions>): Promise<HostingAccounts>;
  postgres: TestPostgres | null;
}

/** Runs tests on PGlite and on PostgreSQL; each run has one fresh database. */
export function onBothDatabases(name: string, tests: (database: TestDatabase) => void): void {
  describe(`${name} on PGlite`, () => {
    let one: HostingAccounts | null = null;
    tests({
      postgres: null,
      async open(options = {}) {
        await one?.close().catch(() => undefined);
        one = await openAccounts({ dataDir: null, secret: SECRET, open: false, ...options });
        return one;
      },
    });
    afterAll(() => one?.close().catch(() => undefined));
  });
  onPostgres(name, tests);
}

/** Runs tests on PostgreSQL alone: several nodes, outages. */
export function onPostgres(name: string, tests: (database: TestDatabase) => void): void {
  const why = whyNoPostgres();
  describe.skipIf(why !== null)(`${name} on PostgreSQL${why ? ` (skipped: ${why})` : ''}`, () => {
    const opened: HostingAccounts[] = [];
    let url = '';
    const database: TestDatabase = {
      postgres: null,
      async open(options = {}) {
        const accounts = await openAccounts({
          databaseUrl: url,
          dataDir: null,
          secret: SECRET,
          open: false,
          ...options,
        });
        opened.push(accounts);
        return accounts;
      },
    };
    beforeAll(async () => {
      database.postgres = await startPostgres();
      url = await database.postgres.database();
    });
    afterAll(async () => {
      await Promise.all(opened.map((accounts) => accounts.close().catch(() => undefined)));
      await database.postgres?.remove();
    });
    tests(database);
  });
}

let keys = 0;
/** A key with limits, as whoever sends it is seen. */
export async function callerWith(
  accounts: HostingAccounts,
  limits: LimitsInput,
  more: Partial<Parameters<AccountsAdmin['createKey']>[0]> = {},
): Promise<Caller & { secret: string; hash: string }> {
  keys += 1;
  const { secret, key } = await accounts.admin.createKey({ name: `key ${keys}`, limits, ...more });
  return { ...(await accounts.authenticate(secret)), secret, hash: key.hash };
}

export const estimate = (cost: number | null, tokens = 10): Estimate => ({ model: 'a/b', cost, tokens });

export const settlement = (cost: number | null, more: Partial<Settlement> = {}): Settlement => ({
  model: 'a/b',
  provider: 'p',
  cost,
  byok: false,
  byokCost: null,
  requests: 1,
  promptTokens: 6,
  completionTokens: 4,
  reasoningTokens: 1,
  ...more,
});

/** The code of what it throws; null if it does not. */
export const codeOf = async (work: Promise<unknown>): Promise<string | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
