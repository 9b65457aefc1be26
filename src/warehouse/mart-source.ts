/** Reading a mart: its files, and for lake files that it does not cover yet the same SQL over the records. */
import { join } from 'node:path';
import { ACCOUNT_CLASS, accountClass } from './account-class.ts';
import { fileList, identifier } from './engine.ts';
import type { Layout } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { cubeSql, MARTS, type MartDefinition, type Measure } from './mart-definitions.ts';
import { martQuery, uncovered, validMartFiles } from './marts.ts';

/** A SELECT of some columns of a mart; NULLs and no rows when the dataset is empty. */
export function martSource(
  { manifest, layout }: { manifest: Manifest; layout: Layout },
  mart: MartDefinition,
  columns: readonly string[],
): string {
  const list = columns.map(identifier).join(', ');
  const files = validMartFiles(manifest).filter((m) => m.mart === mart.name);
  const rest = [...uncovered(manifest, mart.name).values()].flat();
  const parts: string[] = [];
  if (files.length > 0)
    parts.push(`SELECT ${list} FROM read_parquet(${fileList(files.map((m) => join(layout.marts, m.file)))})`);
  if (rest.length > 0) {
    const query = martQuery(
      mart,
      rest.map((f) => join(layout.lake, f)),
    );
    parts.push(`SELECT ${list} FROM (${query})`);
  }
  return parts.length > 0 ? parts.join('\nUNION ALL\n') : nothing(columns);
}

const DATES = ['day', 'month'];
const TEXTS = ['account', 'model', 'variant', 'provider', 'country', 'region', 'app', 'language', 'path'];
const typeOf = (column: string): string => {
  if (DATES.includes(column)) return 'DATE';
  if (TEXTS.includes(column)) return 'VARCHAR';
  return column === 'byok' ? 'BOOLEAN' : /cost|confidence|rate/.test(column) ? 'DOUBLE' : 'BIGINT';
};
const nothing = (columns: readonly string[]): string =>
  `SELECT ${columns.map((c) => `NULL::${typeOf(c)} AS ${identifier(c)}`).join(', ')} WHERE false`;

/**
 * Sums by some dimensions: from the smallest cube that has them all, or, where none has, from the records.
 * Rows of one group may be several; who reads them adds them up.
 * @param large accounts of the class `large`, for the dimension `account_class`
 */
export function sumsBy(
  { manifest, layout }: { manifest: Manifest; layout: Layout },
  dimensions: readonly string[],
  measures: readonly Measure[],
  large: readonly string[],
): string {
  const columns = [...dimensions, ...measures];
  const rows = new Map<string, number>();
  for (const m of validMartFiles(manifest)) rows.set(m.mart, (rows.get(m.mart) ?? 0) + m.rows);
  const [smallest] = MARTS.filter((m) => rows.has(m.name) && has(m, dimensions, measures)).sort(
    (a, b) => (rows.get(a.name) ?? 0) - (rows.get(b.name) ?? 0),
  );
  if (smallest) return martSource({ manifest, layout }, smallest, columns);
  if (manifest.lake.length === 0) return nothing(columns);
  const classed = dimensions.includes(ACCOUNT_CLASS)
    ? `(SELECT *, ${accountClass('account', large)} AS ${ACCOUNT_CLASS} FROM measured)`
    : 'measured';
  const sql = cubeSql(dimensions, measures, classed);
  const free: MartDefinition = { name: 'free', dimensions, measures, reads: 'measured', sql, hash: '' };
  return martQuery(
    free,
    manifest.lake.map((f) => join(layout.lake, f.file)),
  );
}

const has = (mart: MartDefinition, dimensions: readonly string[], measures: readonly Measure[]): boolean =>
  dimensions.every((d) => mart.dimensions.includes(d)) && measures.every((m) => mart.measures.includes(m));
