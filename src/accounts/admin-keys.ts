/** Managing virtual keys in the database. */
import { and, desc, eq, ilike, like, or, sql } from 'drizzle-orm';
import { StateaiError } from '../generation/errors.ts';
import { type AdminParts, forgetCounters, noAccount } from './admin-accounts.ts';
import type { AccountsAdmin, KeyWithUsage } from './admin-contract.ts';
import { type AccountsError, notFound } from './errors.ts';
import { keyInput, pagingOf } from './input.ts';
import { keySubject, NO_LIMITS } from './limits.ts';
import { accounts, keys, settings } from './schema.ts';
import { hashOf, labelOf, newSecret } from './secrets.ts';
import { keyOf, LOCAL } from './store.ts';
import { spendingByPeriod } from './usage-queries.ts';

type KeyMethods = 'listKeys' | 'getKey' | 'createKey' | 'updateKey' | 'deleteKey';

const noKey = (): AccountsError => notFound('The key', 'stateai keys list shows which there are.');
const isFlag = (value: unknown): value is boolean | undefined =>
  value === undefined || typeof value === 'boolean';

export function adminOfKeys(parts: AdminParts): Pick<AccountsAdmin, KeyMethods> {
  const { database, now, notify } = parts;

  const withUsage = async (rows: (typeof keys.$inferSelect)[]): Promise<KeyWithUsage[]> => {
    const spending = await spendingByPeriod(
      database,
      'key',
      rows.map((row) => row.hash),
      now(),
    );
    return rows.flatMap((row) => {
      const usage = spending.get(row.hash);
      return usage ? [{ ...keyOf(row), usage }] : [];
    });
  };
  const only = async (rows: (typeof keys.$inferSelect)[]): Promise<KeyWithUsage> => {
    const [key] = await withUsage(rows);
    if (!key) throw noKey();
    return key;
  };
  /** A key may stand for an app of its account only. */
  const checkApp = async (account: string, app: string | null | undefined) => {
    const [found] = await database.ask((orm) =>
      orm.select({ apps: accounts.apps }).from(accounts).where(eq(accounts.id, account)),
    );
    if (!found) throw noAccount();
    if (app !== null && app !== undefined && !found.apps.includes(app))
      throw new StateaiError(
        'bad_key',
        `The account has no app ${app}`,
        `Add it to the account first; it has ${found.apps.join(', ') || 'none'}.`,
      );
  };

  return {
    async listKeys(filter = {}) {
      const { offset, limit } = pagingOf(filter);
      const { account, includeDisabled = true, search } = filter;
      const pattern = search === undefined ? '' : `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
      const where = and(
        account === undefined ? undefined : eq(keys.account, account),
        includeDisabled ? undefined : eq(keys.disabled, false),
        search === undefined
          ? undefined
          : or(
              // So much of a hash is no name by chance.
              /^[0-9a-f]{8,64}$/.test(search) ? like(keys.hash, `${search}%`) : undefined,
              ilike(keys.name, pattern),
              ilike(keys.label, pattern),
            ),
      );
      const total = await database.ask((orm) => orm.$count(keys, where));
      const rows = await database.ask((orm) =>
        orm
          .select()
          .from(keys)
          .where(where)
          .orderBy(desc(keys.createdAt), keys.hash)
          .offset(offset)
          .limit(limit),
      );
      return { items: await withUsage(rows), total };
    },
    async getKey(hash) {
      return only(await database.ask((orm) => orm.select().from(keys).where(eq(keys.hash, hash))));
    },
    async createKey({ account = LOCAL, management, ingest, ...input }) {
      const { name, ...rest } = keyInput(input);
      if (name === undefined) throw new StateaiError('bad_key', 'A key needs a name', 'Give a name.');
      if (typeof account !== 'string' || !isFlag(management) || !isFlag(ingest))
        throw new StateaiError(
          'bad_key',
          'account, management or ingest is not right',
          'Expected an account’s id, and true or false.',
        );
      if (management && ingest)
        throw new StateaiError('bad_key', 'A key manages keys or sends records, not both', 'Make two keys.');
      if (typeof rest.expiresAt === 'number' && rest.expiresAt <= now())
        throw new StateaiError(
          'bad_key',
          'expiresAt is in the past: the key would never be let in',
          'Give a time to come, or none.',
        );
      await checkApp(account, rest.app);
      const secret = newSecret();
      const at = now();
      const row = {
        hash: hashOf(secret),
        account,
        name,
        label: labelOf(secret),
        app: null,
        limits: NO_LIMITS,
        includeByokInLimit: false,
        disabled: false,
        expiresAt: null,
        ...rest,
        createdAt: at,
        updatedAt: at,
        management: management ?? false,
        ingest: ingest ?? false,
      };
      const inserted = database.ask((orm) =>
        orm.transaction(async (transaction) => {
          // From the first key on, keys are required; one that calls no models changes nothing for those who do.
          if (!row.ingest)
            await transaction
              .insert(settings)
              .values({ name: 'keys_since', value: String(at) })
              .onConflictDoNothing();
          return transaction.insert(keys).values(row).returning();
        }),
      );
      const rows = await inserted.catch((error: { code?: string }) => {
        // Foreign key: the account was deleted meanwhile.
        throw error.code === '23503' ? noAccount() : error;
      });
      notify({ key: row.hash });
      notify({ open: true });
      return { secret, key: await only(rows) };
    },
    async updateKey(hash, input) {
      const set = keyInput(input);
      if (set.app !== undefined) await checkApp((await this.getKey(hash)).account, set.app);
      const rows = await database.ask((orm) =>
        orm
          .update(keys)
          .set({ ...set, updatedAt: sql`greatest(${keys.updatedAt} + 1, ${now()}::bigint)` })
          .where(eq(keys.hash, hash))
          .returning(),
      );
      notify({ key: hash });
      return only(rows);
    },
    async deleteKey(hash) {
      const rows = await database.ask((orm) =>
        orm.delete(keys).where(eq(keys.hash, hash)).returning({ hash: keys.hash }),
      );
      notify({ key: hash });
      if (rows.length === 0) throw noKey();
      await forgetCounters(database, keySubject(hash));
    },
  };
}
