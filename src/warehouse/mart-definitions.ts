/**
 * The marts. A cube is a list of dimensions and a list of measures to sum; what each measure is, `measures.ts` says. Marts
 * that keep rows have an SQL file of their own.
 */
import { readFileSync } from 'node:fs';
import { contentHash } from '../generation/ids.ts';
import { identifier, literal } from './engine.ts';
import type { Manifest } from './manifest.ts';
import { FRACTIONS, type Given, MEASURES, type Measure, measuredSql } from './measures.ts';

export { MEASURES, type Measure } from './measures.ts';

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

export interface MartDefinition {
  name: string;
  /** What its rows are grouped by; empty for a mart that keeps rows. */
  dimensions: readonly string[];
  measures: readonly Measure[];
  /** The relation that the SQL reads: `lake` (records) or `measured` (records with measures). */
  reads: 'lake' | 'measured';
  sql: string;
  /** Accounts that the dimension `big_account` tells apart. */
  bigAccounts: readonly string[] | null;
  /** Changes when anything that it is computed by does. */
  hash: string;
}

const read = (name: string): string =>
  readFileSync(new URL(`./marts/${name}.sql`, import.meta.url), 'utf8').trimEnd();

/** The sum of a measure over the rows of a group. */
export function sumSql(measure: Measure, column: string, relation: string): string {
  if (column === 'rows' && relation === 'measured') return `count(*) AS ${identifier(measure)}`;
  const type = FRACTIONS.includes(measure) ? '' : '::BIGINT';
  return `sum(${identifier(column)})${type} AS ${identifier(measure)}`;
}

/**
 * Sums of a relation that has the dimensions and measures as columns.
 * @param relation `measured`, or another one that has sums already
 * @param shared the column in which the relation has each measure
 */
export function cubeSql(
  dimensions: readonly string[],
  measures: readonly Measure[],
  relation = 'measured',
  shared: Partial<Record<Measure, Measure>> = {},
): string {
  const sums = measures.map((m) => sumSql(m, shared[m] ?? m, relation));
  const groups = dimensions.map(identifier).join(', ');
  return `SELECT ${[...dimensions.map(identifier), ...sums].join(',\n  ')}\nFROM ${relation}\nGROUP BY ${groups}`;
}

/** Rows are sorted by what a filter looks for most, so that it need not read all of them; accounts are read all at once. */
export const orderOf = (dimensions: readonly string[]): string =>
  dimensions.includes('account') ? '' : `ORDER BY ${identifier(dimensions.at(-1) ?? '')}`;

function cube(name: string, dimensions: readonly string[], measures: readonly Measure[]): MartDefinition {
  const sql = `${cubeSql(dimensions, measures)}\n${orderOf(dimensions)}`;
  const hash = contentHash(measuredSql(), sql);
  return { name, dimensions, measures, reads: 'measured', sql, bigAccounts: null, hash };
}

function rows(name: string): MartDefinition {
  const sql = read(name);
  return {
    name,
    dimensions: [],
    measures: [],
    reads: 'lake',
    sql,
    bigAccounts: null,
    hash: contentHash(sql),
  };
}

export const LABELLED = rows('labelled');
export const ACCOUNT_MONTHS = cube(
  'account_months',
  ['model', 'account', 'month', 'country'],
  ['total_tokens'],
);

/** Marts that are the same for every dataset. A new cube is one line here (and see `groups.ts`). */
const MARTS: readonly MartDefinition[] = [
  cube('traffic_by_provider', ['model', 'day', 'byok', 'variant', 'provider'], MEASURES),
  cube('traffic_by_country', ['model', 'day', 'region', 'country'], MEASURES),
  cube('traffic_by_app', ['model', 'day', 'app'], MEASURES),
  cube('traffic', ['model', 'day'], MEASURES),
  cube('traffic_by_language', ['model', 'day', 'language'], LANGUAGE_MEASURES),
  cube('origins', ['day', 'app', 'byok', 'variant', 'language', 'region', 'country'], PLACE_MEASURES),
  cube('places', ['day', 'country'], PLACE_MEASURES),
  cube('languages', ['day', 'language'], LANGUAGE_MEASURES),
  LABELLED,
  ACCOUNT_MONTHS,
];

/** The dimension of the cubes by account: the account where it is a big one, '' for any other, NULL where none is known. */
export const BIG_ACCOUNT = 'big_account';

/** The relation `measured`, with the dimension `big_account` where it is asked for. */
export function measuredFor(bigAccounts: readonly string[] | null, given?: Given): string {
  if (!bigAccounts) return measuredSql(given);
  const isBig = bigAccounts.length > 0 ? `account IN (${bigAccounts.map(literal).join(', ')})` : 'false';
  const big = `CASE WHEN account IS NULL THEN NULL WHEN ${isBig} THEN account ELSE '' END`;
  return `SELECT *, ${big} AS ${BIG_ACCOUNT} FROM (${measuredSql(given)})`;
}

/** Cubes that tell the big accounts of a dataset apart (see `big-accounts.ts`). */
function accountCubes(ids: readonly string[]): MartDefinition[] {
  const measured = measuredFor(ids);
  const of = (name: string, dimensions: readonly string[], measures: readonly Measure[]) => {
    const mart = cube(name, [...dimensions, BIG_ACCOUNT], measures);
    return { ...mart, bigAccounts: ids, hash: contentHash(measured, mart.sql) };
  };
  return [
    of('traffic_by_account', ['model', 'day'], MEASURES),
    of('places_by_account', ['day', 'country'], PLACE_MEASURES),
    of('languages_by_account', ['day', 'language'], LANGUAGE_MEASURES),
  ];
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
