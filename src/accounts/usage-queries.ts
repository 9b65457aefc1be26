/** What was used, read from the table `usage`. */
import { and, asc, desc, eq, gte, inArray, lte, type SQL, sql } from 'drizzle-orm';
import { StateaiError } from '../generation/errors.ts';
import type { Spending, SpendingByPeriod, UsageDimension, UsageGroup, UsageQuery } from './admin-contract.ts';
import type { Database } from './database.ts';
import { toUsd } from './money.ts';
import { usage } from './schema.ts';
import { dayOf, PERIODS, windowAt } from './windows.ts';

const MEASURES = {
  cost: usage.cost,
  byokCost: usage.byokCost,
  charged: usage.charged,
  requests: usage.requests,
  unknownCost: usage.unknownCost,
  promptTokens: usage.promptTokens,
  completionTokens: usage.completionTokens,
  reasoningTokens: usage.reasoningTokens,
} as const;
type Measure = keyof typeof MEASURES;
const NAMES = Object.keys(MEASURES) as Measure[];
const MONEY: readonly Measure[] = ['cost', 'byokCost', 'charged'];

/** Sums of bigint are numeric, which drivers give as text. */
const sums = (where?: SQL): Record<Measure, SQL<string>> =>
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      where
        ? sql<string>`coalesce(sum(${MEASURES[name]}) filter (where ${where}), 0)`
        : sql<string>`sum(${MEASURES[name]})`,
    ]),
  ) as Record<Measure, SQL<string>>;

const spendingOf = (values: (name: Measure) => string | number | undefined): Spending =>
  Object.fromEntries(
    NAMES.map((name) => {
      const value = values(name) ?? 0;
      return [name, MONEY.includes(name) ? toUsd(value) : Number(value)];
    }),
  ) as unknown as Spending;

/**
 * What each key (or account) spent in the periods under way.
 * @returns by hash (or id); with zeros for what was not used yet
 */
export async function spendingByPeriod(
  database: Database,
  subject: 'key' | 'account',
  ids: readonly string[],
  now: number,
): Promise<Map<string, SpendingByPeriod>> {
  const columns: Record<string, SQL<string>> = {};
  for (const period of PERIODS) {
    const from = dayOf(windowAt(period, now).starts);
    for (const [name, sum] of Object.entries(sums(sql`${usage.day} >= ${from}::date`)))
      columns[`${period} ${name}`] = sum;
  }
  const rows =
    ids.length === 0
      ? []
      : await database.ask((orm) =>
          orm
            .select({ id: usage[subject], ...columns })
            .from(usage)
            .where(inArray(usage[subject], [...ids]))
            .groupBy(usage[subject]),
        );
  const byId = new Map(rows.map((row) => [row.id, row as Record<string, string>]));
  return new Map(
    ids.map((id) => [
      id,
      Object.fromEntries(
        PERIODS.map((period) => [period, spendingOf((name) => byId.get(id)?.[`${period} ${name}`])]),
      ) as SpendingByPeriod,
    ]),
  );
}

const DIMENSIONS: readonly UsageDimension[] = ['day', 'account', 'key', 'model', 'provider'];
/** A day of the calendar; the database knows no year 0. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= '0001' && `${new Date(text).toJSON()}`.startsWith(text);

/** Usage by the dimensions asked for. @throws `bad_usage_query` */
export async function usageBy(database: Database, query: UsageQuery): Promise<UsageGroup[]> {
  const by = DIMENSIONS.filter((dimension) => query.by.includes(dimension));
  if (by.length !== new Set(query.by).size)
    throw badQuery('by', `a list of ${DIMENSIONS.join(', ')}, each once`);
  for (const [name, day] of Object.entries({ from: query.from, to: query.to }))
    if (day !== undefined && !isDay(day)) throw badQuery(name, 'a day, YYYY-MM-DD');
  const { limit = 1000 } = query;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100_000)
    throw badQuery('limit', 'a whole number from 1 to 100,000');
  const columns = Object.fromEntries(by.map((dimension) => [dimension, usage[dimension]]));
  const measures = sums();
  const rows = await database.ask((orm) => {
    const filtered = orm
      .select({ ...columns, ...measures })
      .from(usage)
      .where(
        and(
          query.account === undefined ? undefined : eq(usage.account, query.account),
          query.key === undefined ? undefined : eq(usage.key, query.key),
          query.from === undefined ? undefined : gte(usage.day, query.from),
          query.to === undefined ? undefined : lte(usage.day, query.to),
        ),
      );
    const order = [
      ...(by.includes('day') ? [desc(usage.day)] : []),
      desc(measures.cost),
      ...by.filter((dimension) => dimension !== 'day').map((dimension) => asc(usage[dimension])),
    ];
    if (by.length === 0) return filtered;
    return filtered
      .groupBy(...by.map((dimension) => usage[dimension]))
      .orderBy(...order)
      .limit(limit);
  });
  return (rows as Record<string, string>[]).map((row) => {
    const spending = spendingOf((name) => row[name] ?? 0);
    const { requests, unknownCost } = spending;
    return {
      ...(Object.fromEntries(by.map((dimension) => [dimension, row[dimension]])) as object),
      ...spending,
      cost: requests > 0 && unknownCost >= requests ? null : spending.cost,
    };
  });
}

const badQuery = (field: string, expected: string): StateaiError =>
  new StateaiError('bad_usage_query', `${field} is not right`, `Expected ${expected}.`);
