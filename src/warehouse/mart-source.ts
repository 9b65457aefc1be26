/** Reading a mart: its files, and for lake files that it does not cover yet the same SQL over the records. */
import { join } from 'node:path';
import { ACCOUNT_CLASS, accountClass } from './account-class.ts';
import { ACCOUNT_FACTS, definitionOf, type Joined, withAccountFacts, withCountries } from './account-join.ts';
import { fileList, identifier } from './engine.ts';
import type { Layout } from './layout.ts';
import type { LakeFile, Manifest, MartFile } from './manifest.ts';
import {
  BIG_ACCOUNT,
  cubeSql,
  type MartDefinition,
  type Measure,
  martsOf,
  measuredFor,
} from './mart-definitions.ts';

/** A mart's SQL over lake files, as a query that stands by itself. */
export function martQuery(mart: MartDefinition, lakePaths: readonly string[], joined: Joined): string {
  const lake = `lake AS (${lakeSource(lakePaths, joined)})`;
  if (mart.reads === 'lake') return `WITH ${lake}\n${mart.sql}`;
  return `WITH ${lake},\nmeasured AS (${measuredFor(mart.bigAccounts)})\n${mart.sql}`;
}

/** The records of lake files, with the countries that a join file states. */
export const lakeSource = (paths: readonly string[], joined: Joined): string =>
  withCountries(
    `FROM read_parquet(${fileList(paths)}, hive_partitioning = false, union_by_name = true)`,
    joined,
  );

/** Mart files of the current definitions, whose lake files are all still there. */
export function validMartFiles(manifest: Manifest): MartFile[] {
  const lake = new Set(manifest.lake.map((f) => f.file));
  const definitions = new Map(martsOf(manifest).map((m) => [m.name, definitionOf(m, manifest.accounts)]));
  return manifest.marts.filter(
    (m) => definitions.get(m.mart) === m.definition && m.covers.every((f) => lake.has(f)),
  );
}

/** SELECTs of some columns of files of one mart. */
export function partsOf(layout: Layout, files: readonly MartFile[], columns: readonly string[]): string[] {
  return [...Map.groupBy(files, (f) => JSON.stringify(f.same ?? {})).values()].map((alike) => {
    const same = alike[0]?.same ?? {};
    const list = columns.map((c) => (same[c] ? `${identifier(same[c])} AS ${identifier(c)}` : identifier(c)));
    const paths = fileList(alike.map((f) => join(layout.marts, f.file)));
    return `SELECT ${list.join(', ')} FROM read_parquet(${paths})`;
  });
}

/** Lake files that a mart does not cover. */
export function uncovered(manifest: Manifest, mart: string): LakeFile[] {
  const covered = new Set(
    validMartFiles(manifest)
      .filter((m) => m.mart === mart)
      .flatMap((m) => m.covers),
  );
  return manifest.lake.filter((f) => !covered.has(f.file));
}

/** A SELECT of some columns of a mart; NULLs and no rows when the dataset is empty. */
export function martSource(
  { manifest, layout }: { manifest: Manifest; layout: Layout },
  mart: MartDefinition,
  columns: readonly string[],
): string {
  const list = columns.map(identifier).join(', ');
  const files = validMartFiles(manifest).filter((m) => m.mart === mart.name);
  const rest = uncovered(manifest, mart.name).map((f) => join(layout.lake, f.file));
  const parts = partsOf(layout, files, columns);
  if (rest.length > 0) parts.push(`SELECT ${list} FROM (${martQuery(mart, rest, { manifest, layout })})`);
  return parts.length > 0 ? parts.join('\nUNION ALL\n') : nothing(columns);
}

const DATES = ['day', 'month'];
const TEXTS = [
  'account',
  'model',
  'variant',
  'provider',
  'country',
  'region',
  'app',
  'language',
  'team',
  'path',
  BIG_ACCOUNT,
];
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
  const classed = dimensions.includes(ACCOUNT_CLASS);
  // Whom a join file puts into a class need not be big.
  const tellsLarge =
    large.every((id) => manifest.bigAccounts?.ids.includes(id)) && !manifest.accounts?.classes.length;
  if (!classed || tellsLarge) {
    const wanted = dimensions.map((d) => (d === ACCOUNT_CLASS ? BIG_ACCOUNT : d));
    const mart = smallest(manifest, wanted, measures);
    if (mart && !classed) return martSource({ manifest, layout }, mart, columns);
    if (mart) {
      const source = martSource({ manifest, layout }, mart, [...wanted, ...measures]);
      const list = columns.map((c) =>
        c === ACCOUNT_CLASS ? `${accountClass(BIG_ACCOUNT, large)} AS ${ACCOUNT_CLASS}` : identifier(c),
      );
      return `SELECT ${list.join(', ')} FROM (${source})`;
    }
  }
  if (manifest.lake.length === 0) return nothing(columns);
  const lake = manifest.lake.map((f) => join(layout.lake, f.file));
  const joined = { manifest, layout };
  const records = `lake AS (${lakeSource(lake, joined)})`;
  const facts = dimensions.filter((d) => ACCOUNT_FACTS.includes(d));
  const relation = withAccountFacts(measuredFor(null), facts, large, joined);
  return `WITH ${records},\nmeasured AS (${relation})\n${cubeSql(dimensions, measures)}`;
}

/** The mart with the fewest rows among those that have all of these. */
function smallest(
  manifest: Manifest,
  dimensions: readonly string[],
  measures: readonly Measure[],
): MartDefinition | undefined {
  const rows = new Map<string, number>();
  for (const m of validMartFiles(manifest)) rows.set(m.mart, (rows.get(m.mart) ?? 0) + m.rows);
  const size = (mart: MartDefinition) => rows.get(mart.name) ?? Number.POSITIVE_INFINITY;
  return martsOf(manifest)
    .filter((mart) => rows.has(mart.name))
    .filter((mart) => dimensions.every((d) => mart.dimensions.includes(d)))
    .filter((mart) => measures.every((m) => mart.measures.includes(m)))
    .sort((a, b) => size(a) - size(b))[0];
}
