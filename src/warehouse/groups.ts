/**
 * Records grouped once for many cubes. Reading and hashing records is what a build costs, so few statements read them,
 * each groups them in a few ways, and a cube is added up from the rows of the first grouping that has its dimensions.
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
import { lakeSource } from './mart-source.ts';
import { BY_KEY, type Given, type Measure, sharedColumns } from './measures.ts';

/**
 * Groupings by the statement that makes them: those of one statement sum the same measures. Joining more dimensions into
 * one grouping is no gain: where all of them are known it has nearly as many rows as there are records. A cube with
 * what was paid needs `byok`, by which it is told apart (see `BY_KEY`).
 */
const STATEMENTS: readonly (readonly (readonly string[])[])[] = [
  [
    ['model', 'day', 'byok', 'variant', 'provider', BIG_ACCOUNT],
    ['model', 'day', 'byok', 'app'],
    ['model', 'day', 'byok', 'region', 'country', BIG_ACCOUNT],
  ],
  [
    ['model', 'day', 'language', BIG_ACCOUNT],
    ['day', 'byok', 'variant', 'app', 'language', 'region', 'country'],
  ],
];
const TABLE = 'grouped';

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
  const requests = ranges.find((r) => r.column === 'requests');
  return {
    stated,
    missing: new Set(columns.filter((c) => files.every((f) => f.nulls[c] === f.rows))),
    single: stated.has('requests') && requests?.low === 1 && requests.high === 1,
    small: ranges.every((r) => Math.max(Math.abs(r.low), Math.abs(r.high)) * rows < EXACT),
  };
}

const groupingOf = ({ dimensions }: MartDefinition): readonly string[] =>
  STATEMENTS.flat().find((g) => dimensions.every((d) => g.includes(d))) ?? [
    ...new Set([...dimensions, 'byok']),
  ];

/** Cubes that one statement makes. */
export const madeTogether = (cubes: readonly MartDefinition[]): MartDefinition[][] => [
  ...Map.groupBy(cubes, (cube) => STATEMENTS.findIndex((s) => s.includes(groupingOf(cube)))).values(),
];

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
 * @param work is given each cube's query and which of its measures share a column
 */
export async function withGroups<T>(
  engine: Engine,
  paths: readonly string[],
  cubes: readonly MartDefinition[],
  given: Given,
  work: (queryOf: (cube: MartDefinition) => CubeQuery) => Promise<T>,
): Promise<T> {
  const used = [...new Set(cubes.map(groupingOf))];
  const shared = sharedColumns(given);
  const sums = [...new Set(cubes.flatMap((c) => c.measures.map((m) => shared[m])))].filter((m) => !BY_KEY[m]);
  const bigAccounts = cubes.find((c) => c.bigAccounts)?.bigAccounts ?? null;
  const isMissing = (d: string) => given.missing.has(d) || (d === BIG_ACCOUNT && !bigAccounts);
  const all = [...new Set(used.flat())];
  const dimensions = all.filter((d) => !isMissing(d));
  const columns = [
    // DuckDB numbers a grouping by the dimensions that it lacks.
    `grouping(${list(dimensions)}) AS lacks`,
    ...dimensions.map(identifier),
    ...all.filter(isMissing).map((d) => `NULL::${d === 'byok' ? 'BOOLEAN' : 'VARCHAR'} AS ${identifier(d)}`),
    ...sums.map((m) =>
      m !== 'rows' && given.small
        ? `sum(${identifier(m)}::DOUBLE) AS ${identifier(m)}`
        : sumSql(m, m, 'measured'),
    ),
  ];
  // Without the missing dimensions two may be the same; counted twice, their rows would be.
  const sets = new Set(used.map((g) => `(${list(dimensions.filter((d) => g.includes(d)))})`));
  const lacks = (g: readonly string[]) =>
    dimensions.reduce((bits, d) => bits * 2 + (g.includes(d) ? 0 : 1), 0);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${TABLE} AS
    WITH lake AS (${lakeSource(paths)}), measured AS (${measuredFor(bigAccounts, given)})
    SELECT ${columns.join(', ')} FROM measured GROUP BY GROUPING SETS (${[...sets].join(', ')})`);
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
