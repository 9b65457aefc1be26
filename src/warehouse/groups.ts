/**
 * Records grouped once for many cubes. Reading and hashing records is what a build costs, so one statement reads them and
 * groups them in a few ways, and a cube is added up from the rows of the first grouping that has its dimensions.
 */
import { FIELDS } from '../generation/generation.ts';
import { type Engine, fileList, identifier, literal } from './engine.ts';
import type { LakeFile } from './manifest.ts';
import {
  BIG_ACCOUNT,
  cubeSql,
  type MartDefinition,
  measuredFor,
  orderOf,
  sumSql,
} from './mart-definitions.ts';
import { BY_KEY, type Given, isProduct, type Measure, sharedColumns } from './measures.ts';

/**
 * The groupings of the records. Joining more dimensions into one is no gain: where all of them are known it has nearly as
 * many rows as there are records. Only what few records state joins the first. A cube with what was paid needs `byok`, by
 * which it is told apart (see `BY_KEY`).
 */
const GROUPINGS: readonly (readonly string[])[] = [
  ['model', 'day', 'byok', 'variant', 'provider', BIG_ACCOUNT],
  ['model', 'day', 'byok', 'app'],
  ['model', 'day', 'byok', 'region', 'country', BIG_ACCOUNT],
  ['model', 'day', 'language', BIG_ACCOUNT],
  ['day', 'byok', 'variant', 'app', 'language', 'region', 'country'],
];
const TABLE = 'grouped';

/** A column is rare that so small a part of the records states. */
const RARE = 1 / 20;
/** Sums below this are exact as DOUBLE. */
const EXACT = 2 ** 53;

/** Looks at what is so in every record of some lake files: in the manifest and in the files' footers. */
export async function givenIn(
  engine: Engine,
  files: readonly LakeFile[],
  paths: readonly string[],
): Promise<Given> {
  const columns = FIELDS.map((f) => f.column);
  const integers = FIELDS.filter((f) => f.kind === 'integer').map((f) => literal(f.column));
  const ranges = await engine.query<{ column: string; low: number; high: number }>(
    `SELECT path_in_schema AS "column", min(stats_min_value::BIGINT) AS low, max(stats_max_value::BIGINT) AS high
     FROM parquet_metadata(${fileList(paths)}) WHERE path_in_schema IN (${integers.join(', ')}) GROUP BY ALL`,
  );
  const rows = files.reduce((sum, f) => sum + f.rows, 0);
  const stated = new Set(columns.filter((c) => files.every((f) => !f.nulls[c])));
  const known = (column: string) => files.reduce((sum, f) => sum + f.rows - (f.nulls[column] ?? 0), 0);
  const requests = ranges.find((r) => r.column === 'requests');
  const atLeastOne = ranges.filter((r) => stated.has(r.column) && r.low >= 1);
  return {
    stated,
    missing: new Set(columns.filter((c) => known(c) === 0)),
    rare: new Set(columns.filter((c) => known(c) <= rows * RARE)),
    single: stated.has('requests') && requests?.low === 1 && requests.high === 1,
    small: ranges.every((r) => Math.max(Math.abs(r.low), Math.abs(r.high)) * rows < EXACT),
    positive: new Set(atLeastOne.map((r) => r.column)),
  };
}

/** Dimensions that no record of a file states; what is made from files that lack the same ones needs fewer groupings. */
export const dimensionsMissing = (file: LakeFile): string =>
  [...new Set(GROUPINGS.flat())].filter((d) => file.nulls[d] === file.rows).join();

interface CubeQuery {
  query: string;
  same: Record<string, string>;
}

/** Each measure that has the column of an earlier one, with that one. */
function sameIn(
  measures: readonly Measure[],
  shared: Record<Measure, Measure>,
): Partial<Record<Measure, Measure>> {
  const pairs = measures.map((m) => [m, measures.find((first) => shared[first] === shared[m]) ?? m] as const);
  return Object.fromEntries(pairs.filter(([m, first]) => first !== m));
}

/**
 * Groups the records of some lake files.
 * @param records a SELECT of them
 * @param work is given each cube's query and which of its measures share a column
 */
export async function withGroups<T>(
  engine: Engine,
  records: string,
  cubes: readonly MartDefinition[],
  given: Given,
  work: (queryOf: (cube: MartDefinition) => CubeQuery) => Promise<T>,
): Promise<T> {
  const shared = sharedColumns(given);
  const sums = [...new Set(cubes.flatMap((c) => c.measures.map((m) => shared[m])))].filter((m) => !BY_KEY[m]);
  const bigAccounts = cubes.find((c) => c.bigAccounts)?.bigAccounts ?? null;
  const isKnown = (d: string) => !given.missing.has(d) && (d !== BIG_ACCOUNT || bigAccounts !== null);
  const rare = GROUPINGS.flat().filter((d) => given.rare.has(d));
  const groupings = GROUPINGS.map((g, i) => [...new Set(i === 0 ? [...g, ...rare] : g)].filter(isKnown));
  const groupingOf = ({ dimensions }: MartDefinition): readonly string[] =>
    groupings.find((g) => dimensions.filter(isKnown).every((d) => g.includes(d))) ??
    [...new Set([...dimensions, 'byok'])].filter(isKnown);
  // Without the missing dimensions two may be the same; counted twice, their rows would be.
  const used = new Map(cubes.map(groupingOf).map((g) => [list(g), g]));
  const dimensions = [...new Set([...used.values()].flat())];
  // What was paid is told apart by `byok`, be it a dimension of one of these cubes or not.
  const needed = cubes.flatMap((c) => [
    ...c.dimensions,
    ...(c.measures.some((m) => BY_KEY[m]) ? ['byok'] : []),
  ]);
  const missing = [...new Set(needed)].filter((d) => !isKnown(d));
  const columns = [
    // DuckDB numbers a grouping by the dimensions that it lacks.
    `grouping(${list(dimensions)}) AS lacks`,
    ...dimensions.map(identifier),
    ...missing.map((d) => `NULL::${d === 'byok' ? 'BOOLEAN' : 'VARCHAR'} AS ${identifier(d)}`),
    ...sums.map((m) => groupedSum(m, given)),
  ];
  const lacks = (g: readonly string[]) =>
    dimensions.reduce((bits, d) => bits * 2 + (g.includes(d) ? 0 : 1), 0);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${TABLE} AS
    WITH lake AS (${records}), measured AS (${measuredFor(bigAccounts, given)})
    SELECT ${columns.join(', ')} FROM measured GROUP BY GROUPING SETS (${[...used.keys()].map((g) => `(${g})`).join(', ')})`);
  try {
    return await work((cube) => {
      const paid = cube.measures.flatMap((m) =>
        BY_KEY[m] ? `, ${BY_KEY[m](shared)} AS ${identifier(m)}` : [],
      );
      const rows = `(SELECT *${paid.join('')} FROM ${TABLE} WHERE lacks = ${lacks(groupingOf(cube))})`;
      const same = sameIn(cube.measures, shared);
      const measures = cube.measures.filter((m) => !same[m]);
      const query = `${cubeSql(cube.dimensions, measures, rows, shared)}\n${orderOf(cube.dimensions)}`;
      return { query, same };
    });
  } finally {
    await engine.run(`DROP TABLE IF EXISTS ${TABLE}`);
  }
}

const list = (names: readonly string[]): string => names.map(identifier).join(', ');

/** The sum of a measure over the records of a group. */
function groupedSum(measure: Measure, given: Given): string {
  if (measure === 'rows' || !given.small) return sumSql(measure, measure, 'measured');
  const sum = `sum(${identifier(measure)}::DOUBLE)`;
  return `${isProduct(measure, given) ? `nullif(${sum}, 0)` : sum} AS ${identifier(measure)}`;
}
