/**
 * What a node needs of the database while it serves: callers by the hash of their key, provider keys, and the exchange
 * of usage and leases. The process that holds the database answers from it; other processes ask that one (remote.ts).
 */
import { eq, inArray, sql } from 'drizzle-orm';
import type { Account, Caller, Key } from './contract.ts';
import type { Database } from './database.ts';
import { toUsd } from './money.ts';
import { accounts, keys, providerKeys, settings } from './schema.ts';
import type { Sealer } from './secrets.ts';
import type { WindowKind } from './windows.ts';

/** `usd` what counts towards spend limits, `credits` what was paid of bought credits. Both in nano-dollars. */
export type Unit = 'usd' | 'credits' | 'requests' | 'tokens';

/** One counter: what a subject (`key:<hash>` or `account:<id>`) used in a window. */
export interface CounterName {
  subject: string;
  unit: Unit;
  period: WindowKind;
  starts: number;
}

/** To add to a row of the table `usage`; named as its columns are. */
export interface UsageRow {
  day: string;
  account: string;
  key: string;
  model: string;
  provider: string;
  cost: number;
  byok_cost: number;
  charged: number;
  requests: number;
  unknown_cost: number;
  prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number;
}

/** See `migrations/0002-exchange.sql`. */
export interface MeterItem extends CounterName {
  i: number;
  ends: number | null;
  from_day: string;
  to_day: string | null;
  max: number;
  used: number;
  release: number;
  need: number;
  least: number;
  ahead: number;
}
export interface Batch {
  node: string;
  sequence: number;
  leaseMs: number;
  usage: UsageRow[];
  charges: (CounterName & { amount: number })[];
  meters: MeterItem[];
}
export interface Answer {
  /** The node's leases had lapsed: it holds none but those answered here. */
  lapsed: boolean;
  /** `remaining`: what nobody has used or holds; null where nothing was wanted. */
  meters: { i: number; lease: number; remaining: number | null }[];
}

/** Every method throws `accounts_unavailable` while the database cannot be asked. */
export interface Store {
  /** Callers by the hashes of their keys, in that order; null = there is no such key. */
  callers(hashes: string[]): Promise<(Caller | null)[]>;
  /** The account of everybody as long as no key was ever made and only this machine can reach us; null: keys are required. */
  openCaller(): Promise<Caller | null>;
  /** For each account its own provider keys, in the clear, by provider; null = it cannot be decrypted. */
  providerKeys(ids: string[]): Promise<Record<string, string | null>[]>;
  exchange(batch: Batch): Promise<Answer>;
}

/** The account that exists from the start. */
export const LOCAL = 'local';

/** @param open whether the server listens on loopback only */
export function storeOf(database: Database, sealer: Sealer, open: boolean): Store {
  return {
    async callers(hashes) {
      const found = await database.ask((orm) =>
        orm
          .select({ key: keys, account: accounts })
          .from(keys)
          .innerJoin(accounts, eq(keys.account, accounts.id))
          .where(inArray(keys.hash, hashes)),
      );
      const byHash = new Map(found.map((row) => [row.key.hash, row]));
      return hashes.map((hash) => {
        const row = byHash.get(hash);
        return row ? { account: accountOf(row.account), key: keyOf(row.key) } : null;
      });
    },

    async openCaller() {
      if (!open) return null;
      const [found] = await database.ask((orm) =>
        orm
          .select({ account: accounts, since: settings.value })
          .from(accounts)
          .leftJoin(settings, eq(settings.name, 'keys_since'))
          .where(eq(accounts.id, LOCAL)),
      );
      return found && found.since === null ? { account: accountOf(found.account), key: null } : null;
    },

    async providerKeys(ids) {
      const found = await database.ask((orm) =>
        orm.select().from(providerKeys).where(inArray(providerKeys.account, ids)),
      );
      return ids.map((id) =>
        Object.fromEntries(
          found
            .filter((row) => row.account === id)
            .map((row) => [row.provider, sealer.unseal(row.sealed, `${row.account} ${row.provider}`)]),
        ),
      );
    },

    async exchange(batch) {
      const [row] = await database.rows<{ answer: Answer }>(
        sql`select stateai.exchange(${batch.node}, ${batch.sequence}::bigint, ${batch.leaseMs}::integer, ${JSON.stringify(batch.usage)}::jsonb, ${JSON.stringify(batch.charges)}::jsonb, ${JSON.stringify(batch.meters)}::jsonb) as answer`,
      );
      return row?.answer ?? { lapsed: true, meters: [] };
    },
  };
}

export const accountOf = (row: typeof accounts.$inferSelect): Account => ({
  ...row,
  credits: row.credits === null ? null : toUsd(row.credits),
});
export const keyOf = (row: typeof keys.$inferSelect): Key => row;
