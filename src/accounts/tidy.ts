/** Keeps the database small: old days are folded together, counters of past windows and nodes that are gone deleted. */
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { dayOf } from './windows.ts';

/** The longest period under way must stay whole. */
export const FEWEST_DAYS = 35;
const DAY_MS = 86_400_000;

/**
 * Usage older than `days` becomes one row a key and account, on the day 1970-01-01, without model and provider: what a
 * key spent in total stays exact.
 * @returns how many rows were folded
 */
export async function tidy(database: Database, now: number, days: number): Promise<number> {
  const before = dayOf(now - Math.max(days, FEWEST_DAYS) * DAY_MS);
  return database.ask((orm) =>
    orm.transaction(async (transaction) => {
      // No counter may begin while usage moves.
      await transaction.execute(sql`select pg_advisory_xact_lock(4141002)`);
      const answer = await transaction.execute(sql`
        with old as (
          delete from stateai.usage where day < ${before}::date and day > '1970-01-01' returning *
        ), folded as (
          insert into stateai.usage as u
          select date '1970-01-01', account, key, '', '', sum(cost), sum(byok_cost), sum(charged), sum(requests),
            sum(unknown_cost), sum(prompt_tokens), sum(completion_tokens), sum(reasoning_tokens)
          from old group by account, key
          on conflict (day, account, key, model, provider) do update set
            cost = u.cost + excluded.cost, byok_cost = u.byok_cost + excluded.byok_cost,
            charged = u.charged + excluded.charged, requests = u.requests + excluded.requests,
            unknown_cost = u.unknown_cost + excluded.unknown_cost,
            prompt_tokens = u.prompt_tokens + excluded.prompt_tokens,
            completion_tokens = u.completion_tokens + excluded.completion_tokens,
            reasoning_tokens = u.reasoning_tokens + excluded.reasoning_tokens
        )
        select count(*)::integer as n from old`);
      // A window that ended a day ago may still be settled into by a request that took long; its counter matters no more.
      await transaction.execute(
        sql`delete from stateai.counters where ends is not null and ends < ${now - DAY_MS}::bigint`,
      );
      await transaction.execute(sql`
        delete from stateai.counters c where
          c.subject like 'key:%' and not exists (select from stateai.keys k where k.hash = substr(c.subject, 5))
          or c.subject like 'account:%'
            and not exists (select from stateai.accounts a where a.id = substr(c.subject, 9))`);
      await transaction.execute(sql`
        delete from stateai.leases l where not exists (
          select from stateai.counters c
          where (c.subject, c.unit, c.period, c.starts) = (l.subject, l.unit, l.period, l.starts))
        or exists (select from stateai.nodes n where n.id = l.node and n.expires_at < now() - interval '1 hour')`);
      // A node that was cut off this long has lost its last answer too.
      await transaction.execute(sql`delete from stateai.nodes where expires_at < now() - interval '30 days'`);
      return (answer as unknown as { rows: { n: number }[] }).rows[0]?.n ?? 0;
    }),
  );
}
