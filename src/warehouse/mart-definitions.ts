/**
 * The marts. A cube is a list of dimensions and a list of measures to sum; what each measure is, one SQL file says
 * (`marts/measured.sql`). Marts that keep rows have an SQL file of their own.
 */
import { readFileSync } from 'node:fs';
import { contentHash } from '../generation/ids.ts';
import { identifier, literal } from './engine.ts';
import type { Manifest } from './manifest.ts';

export const MEASURES = [
  'rows',
  'requests',
  'total_tokens',
  'prompt_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'cached_tokens',
  'cost',
  'cost_tokens',
  'paid_cost',
  'paid_tokens',
  'tool_call_tokens',
  'finish_reason_tokens',
  'tools_offered_tokens',
  'tools_known_tokens',
  'tools_offered_requests',
  'counted_tokens',
  'counted_prompt_tokens',
  'counted_completion_tokens',
  'counted_reasoning_tokens',
  'prompt_requests',
  'completion_requests',
  'reasoning_requests',
] as const;
export type Measure = (typeof MEASURES)[number];

/** What the views by country and by language show. */
export const PLACE_MEASURES: readonly Measure[] = [
  'rows',
  'requests',
  'total_tokens',
  'cost',
  'cost_tokens',
  'paid_cost',
  'paid_tokens',
];
export const LANGUAGE_MEASURES: readonly Measure[] = ['rows', 'requests', 'total_tokens'];

const FRACTIONS: readonly Measure[] = ['cost', 'paid_cost'];

export interface MartDefinition {
  name: string;
  /** What its rows are grouped by; empty for a mart that keeps rows. */
  dimensions: readonly string[];
  measures: readonly Measure[];
  /** The relation that the SQL reads: `lake` (records), `measured` (records with measures) or a mart built before. */
  reads: string;
  sql: string;
  /** Changes when anything that it is computed by does. */
  hash: string;
}

const read = (name: string): string =>
  readFileSync(new URL(`./marts/${name}.sql`, import.meta.url), 'utf8').trimEnd();

/** The relation `measured`. */
export const MEASURED = read('measured');

/** Sums of a relation that has the dimensions and measures as columns. */
export function cubeSql(
  dimensions: readonly string[],
  measures: readonly Measure[],
  relation = 'measured',
): string {
  const sums = measures.map((m) => {
    if (m === 'rows' && relation.endsWith('measured')) return 'count(*) AS rows';
    return `sum(${identifier(m)})${FRACTIONS.includes(m) ? '' : '::BIGINT'} AS ${identifier(m)}`;
  });
  const groups = dimensions.map(identifier).join(', ');
  return `SELECT ${[...dimensions.map(identifier), ...sums].join(',\n  ')}\nFROM ${relation}\nGROUP BY ${groups}`;
}

function cube(
  name: string,
  dimensions: readonly string[],
  measures: readonly Measure[],
  from?: MartDefinition,
): MartDefinition {
  const reads = from?.name ?? 'measured';
  const order = [...dimensions].reverse().map(identifier).join(', ');
  const sql = `${cubeSql(dimensions, measures, reads)}\nORDER BY ${order}`;
  return { name, dimensions, measures, reads, sql, hash: contentHash(from?.hash ?? MEASURED, sql) };
}

function rows(name: string): MartDefinition {
  const sql = read(name);
  return { name, dimensions: [], measures: [], reads: 'lake', sql, hash: contentHash(sql) };
}

const byProvider = cube('traffic_by_provider', ['model', 'day', 'byok', 'variant', 'provider'], MEASURES);
const origins = cube(
  'origins',
  ['day', 'app', 'byok', 'variant', 'language', 'region', 'country'],
  PLACE_MEASURES,
);

export const LABELLED = rows('labelled');
export const ACCOUNT_MONTHS = cube(
  'account_months',
  ['model', 'account', 'month', 'country'],
  ['requests', 'total_tokens'],
);

/** Marts that are the same for every dataset, in the order of building. A new cube is one line here. */
const MARTS: readonly MartDefinition[] = [
  byProvider,
  cube('traffic_by_country', ['model', 'day', 'region', 'country'], MEASURES),
  cube('traffic_by_app', ['model', 'day', 'app'], MEASURES),
  cube('traffic', ['model', 'day'], MEASURES, byProvider),
  cube('traffic_by_language', ['model', 'day', 'language'], LANGUAGE_MEASURES),
  origins,
  cube('places', ['day', 'country'], PLACE_MEASURES, origins),
  cube('languages', ['day', 'language'], LANGUAGE_MEASURES, origins),
  LABELLED,
  ACCOUNT_MONTHS,
];

/** The dimension of the cubes by account: the account where it is a big one, '' for any other, NULL where none is known. */
export const BIG_ACCOUNT = 'big_account';

/** Cubes that tell the big accounts of a dataset apart (see `big-accounts.ts`). */
const accountCubes = (ids: readonly string[]): MartDefinition[] => [
  accountCube('traffic_by_account', ['model', 'day'], MEASURES, ids),
  accountCube('places_by_account', ['day', 'country'], PLACE_MEASURES, ids),
  accountCube('languages_by_account', ['day', 'language'], LANGUAGE_MEASURES, ids),
];

function accountCube(
  name: string,
  dimensions: readonly string[],
  measures: readonly Measure[],
  ids: readonly string[],
): MartDefinition {
  const isBig = ids.length > 0 ? `account IN (${ids.map(literal).join(', ')})` : 'false';
  const big = `CASE WHEN account IS NULL THEN NULL WHEN ${isBig} THEN account ELSE '' END AS ${BIG_ACCOUNT}`;
  const all = [...dimensions, BIG_ACCOUNT];
  const order = [...all].reverse().map(identifier).join(', ');
  const sql = `${cubeSql(all, measures, `(SELECT *, ${big} FROM measured)`)}\nORDER BY ${order}`;
  return { name, dimensions: all, measures, reads: 'measured', sql, hash: contentHash(MEASURED, sql) };
}

const known = new WeakMap<readonly string[], readonly MartDefinition[]>();

/** All marts of a dataset. */
export function martsOf(manifest: Pick<Manifest, 'bigAccounts'>): readonly MartDefinition[] {
  const ids = manifest.bigAccounts?.ids;
  if (!ids) return MARTS;
  const made = known.get(ids) ?? [...MARTS, ...accountCubes(ids)];
  known.set(ids, made);
  return made;
}
