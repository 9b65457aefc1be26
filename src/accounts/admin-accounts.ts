/** Managing accounts and their own provider keys in the database. */
import { randomBytes } from 'node:crypto';
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { StateaiError } from '../generation/errors.ts';
import type { AccountsAdmin, AccountWithUsage, ByokKey } from './admin-contract.ts';
import type { Database } from './database.ts';
import type { Change } from './directory.ts';
import { AccountsError, notFound } from './errors.ts';
import { accountInput, pagingOf, providerOf } from './input.ts';
import { accountSubject, NO_LIMITS } from './limits.ts';
import { MOST_USD, toNano } from './money.ts';
import { accounts, keys, providerKeys } from './schema.ts';
import { providerLabel, type Sealer } from './secrets.ts';
import { accountOf, LOCAL } from './store.ts';
import { spendingByPeriod } from './usage-queries.ts';

export interface AdminParts {
  database: Database;
  sealer: Sealer;
  now(): number;
  /** Tells everybody who keeps a copy. */
  notify(change: Change): void;
}

/** SQLSTATE of a name that is taken. */
const TAKEN = '23505';

type AccountMethods =
  | 'listAccounts'
  | 'getAccount'
  | 'createAccount'
  | 'updateAccount'
  | 'addCredits'
  | 'deleteAccount';

export const noAccount = (): AccountsError =>
  notFound('The account', 'The admin page and stateai keys list show which there are.');

export function adminOfAccounts(parts: AdminParts): Pick<AccountsAdmin, AccountMethods> {
  const { database, now, notify } = parts;

  const withUsage = async (rows: (typeof accounts.$inferSelect)[]): Promise<AccountWithUsage[]> => {
    const ids = rows.map((row) => row.id);
    const spending = await spendingByPeriod(database, 'account', ids, now());
    const counts = await database.ask((orm) =>
      orm
        .select({ account: keys.account, n: sql<number>`count(*)::integer` })
        .from(keys)
        .where(inArray(keys.account, ids))
        .groupBy(keys.account),
    );
    const byId = new Map(counts.map((row) => [row.account, row.n]));
    return rows.flatMap((row) => {
      const usage = spending.get(row.id);
      return usage ? [{ ...accountOf(row), usage, keys: byId.get(row.id) ?? 0 }] : [];
    });
  };
  const only = async (rows: (typeof accounts.$inferSelect)[]): Promise<AccountWithUsage> => {
    const [account] = await withUsage(rows);
    if (!account) throw noAccount();
    return account;
  };

  return {
    async listAccounts(paging = {}) {
      const { offset, limit } = pagingOf(paging);
      const total = await database.ask((orm) => orm.$count(accounts));
      const rows = await database.ask((orm) =>
        orm
          .select()
          .from(accounts)
          .orderBy(asc(accounts.createdAt), asc(accounts.id))
          .offset(offset)
          .limit(limit),
      );
      return { items: await withUsage(rows), total };
    },
    async getAccount(id) {
      return only(await database.ask((orm) => orm.select().from(accounts).where(eq(accounts.id, id))));
    },
    async createAccount(input) {
      const { name, credits, ...rest } = accountInput(input);
      if (name === undefined)
        throw new StateaiError('bad_account', 'An account needs a name', 'Give a name.');
      const row = {
        id: `acc-${randomBytes(8).toString('hex')}`,
        name,
        country: null,
        limits: NO_LIMITS,
        apps: [],
        sampling: true,
        disabled: false,
        ...rest,
        credits: credits === null || credits === undefined ? null : toNano(credits),
        createdAt: now(),
      };
      return only(
        await nameTaken(
          name,
          database.ask((orm) => orm.insert(accounts).values(row).returning()),
        ),
      );
    },
    async updateAccount(id, input) {
      const { credits, ...rest } = accountInput(input);
      const set = {
        ...rest,
        ...(credits === undefined ? {} : { credits: credits === null ? null : toNano(credits) }),
      };
      if (Object.keys(set).length === 0) return this.getAccount(id);
      const rows = await nameTaken(
        rest.name ?? '',
        database.ask((orm) => orm.update(accounts).set(set).where(eq(accounts.id, id)).returning()),
      );
      notify({ account: id });
      return only(rows);
    },
    async addCredits(id, usd) {
      if (!Number.isFinite(usd) || Math.abs(usd) > MOST_USD)
        throw new StateaiError(
          'bad_account',
          'credits is not right',
          `Expected an amount of at most ${MOST_USD} USD.`,
        );
      const more = Math.sign(usd) * toNano(Math.abs(usd));
      const rows = await database.ask((orm) =>
        orm
          .update(accounts)
          .set({ credits: sql`greatest(0, coalesce(${accounts.credits}, 0) + ${more}::bigint)` })
          .where(
            and(
              eq(accounts.id, id),
              // Taken away from an account that pays afterwards, they would stop it.
              usd < 0 ? isNotNull(accounts.credits) : undefined,
              sql`coalesce(${accounts.credits}, 0) + ${more}::bigint <= ${toNano(MOST_USD)}::bigint`,
            ),
          )
          .returning(),
      );
      notify({ account: id });
      if (rows.length > 0) return only(rows);
      const { credits } = await this.getAccount(id);
      if (credits === null && usd < 0)
        throw new StateaiError(
          'bad_account',
          'The account has no credits: it pays afterwards',
          'Give it some first, or set a spend limit.',
        );
      throw new StateaiError(
        'bad_account',
        `The account has credits of ${credits ?? 0} USD, and would have too many`,
        `At most ${MOST_USD} USD are kept.`,
      );
    },
    async deleteAccount(id) {
      if (id === LOCAL)
        throw new StateaiError(
          'bad_account',
          'The account local cannot be deleted',
          'Disable it, or delete its keys.',
        );
      const rows = await database.ask((orm) =>
        orm.delete(accounts).where(eq(accounts.id, id)).returning({ id: accounts.id }),
      );
      notify({ account: id });
      notify({ providerKeys: id });
      if (rows.length === 0) throw noAccount();
      await forgetCounters(database, accountSubject(id));
    },
  };
}

async function nameTaken<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: string }).code !== TAKEN) throw error;
    throw new AccountsError(
      'account_exists',
      `There is an account named ${name} already`,
      'Use it, or choose another name.',
    );
  }
}

/** Counters of what is gone; its usage stays. */
export async function forgetCounters(database: Database, subject: string): Promise<void> {
  await database.rows(sql`delete from stateai.counters where subject = ${subject}`);
  await database.rows(sql`delete from stateai.leases where subject = ${subject}`);
}

type ByokMethods = 'listByokKeys' | 'setByokKey' | 'deleteByokKey';

export function adminOfByok(parts: AdminParts): Pick<AccountsAdmin, ByokMethods> {
  const { database, sealer, now, notify } = parts;
  const shown = {
    account: providerKeys.account,
    provider: providerKeys.provider,
    label: providerKeys.label,
    createdAt: providerKeys.createdAt,
    updatedAt: providerKeys.updatedAt,
  };
  return {
    async listByokKeys(account): Promise<ByokKey[]> {
      return database.ask((orm) =>
        orm
          .select(shown)
          .from(providerKeys)
          .where(eq(providerKeys.account, account))
          .orderBy(asc(providerKeys.provider)),
      );
    },
    async setByokKey(account, provider, key) {
      const at = now();
      const name = providerOf(provider);
      if (typeof key !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(key))
        throw new StateaiError(
          'bad_provider_key',
          'The provider key is not right',
          'Expected the key alone, without blanks or line ends.',
        );
      const values = {
        sealed: sealer.seal(key, `${account} ${name}`),
        label: providerLabel(key),
        updatedAt: at,
      };
      try {
        const [row] = await database.ask((orm) =>
          orm
            .insert(providerKeys)
            .values({ account, provider: name, createdAt: at, ...values })
            .onConflictDoUpdate({ target: [providerKeys.account, providerKeys.provider], set: values })
            .returning(shown),
        );
        if (!row) throw noAccount();
        return row;
      } catch (error) {
        // Foreign key: there is no such account.
        if ((error as { code?: string }).code === '23503') throw noAccount();
        throw error;
      } finally {
        notify({ providerKeys: account });
      }
    },
    async deleteByokKey(account, provider) {
      const rows = await database.ask((orm) =>
        orm
          .delete(providerKeys)
          .where(and(eq(providerKeys.account, account), eq(providerKeys.provider, provider)))
          .returning({ provider: providerKeys.provider }),
      );
      notify({ providerKeys: account });
      if (rows.length === 0) throw notFound('The provider key', 'The list shows which there are.');
    },
  };
}
