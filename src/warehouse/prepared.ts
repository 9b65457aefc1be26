/**
 * Records decoded once for many cubes: a table in the engine with the measures computed and with every dimension as the
 * number of its value in a list (ENUM), which groups several times as fast as text.
 */
import { type Engine, fileList, identifier, literal } from './engine.ts';
import { BIG_ACCOUNT, measuredFor } from './mart-definitions.ts';
import { MEASURES, sharedColumns } from './measures.ts';

const TEXTS = ['model', 'variant', 'provider', 'country', 'region', 'app', 'language'];
const TABLE = 'prepared_measured';

/** Fewer records than this are decoded faster several times over; more would not fit into memory. */
const FEWEST_ROWS = 250_000;
export const MOST_ROWS = 4.5e6;

export const worthPreparing = (rows: number, marts: number): boolean =>
  marts > 2 && rows >= FEWEST_ROWS && rows <= MOST_ROWS;

/**
 * @param bigAccounts null where they are not chosen yet
 * @param stated columns that every record states
 * @param work is given the name of a relation to use as `measured`
 */
export async function withPrepared<T>(
  engine: Engine,
  paths: readonly string[],
  { bigAccounts, stated }: { bigAccounts: readonly string[] | null; stated: ReadonlySet<string> },
  work: (relation: string) => Promise<T>,
): Promise<T> {
  const lake = `read_parquet(${fileList(paths)}, hive_partitioning = false)`;
  const typeOf = (column: string) => identifier(`value_of_${column}`);
  const shared = sharedColumns(stated);
  const texts = bigAccounts ? [...TEXTS, BIG_ACCOUNT] : TEXTS;
  const dimensions = texts.map((c) => `${identifier(c)}::${typeOf(c)} AS ${identifier(c)}`);
  const measures = MEASURES.filter((m) => shared[m] === m).map(identifier);
  const columns = ['"day"', 'byok', ...dimensions, ...measures].join(', ');
  try {
    // A list of values must not be empty; '' is the one that stands where a column states nothing.
    for (const c of TEXTS)
      await engine.run(`CREATE OR REPLACE TEMP TYPE ${typeOf(c)} AS ENUM (
        SELECT DISTINCT ${identifier(c)} FROM ${lake} WHERE ${identifier(c)} IS NOT NULL
        UNION SELECT '')`);
    if (bigAccounts)
      await engine.run(
        `CREATE OR REPLACE TEMP TYPE ${typeOf(BIG_ACCOUNT)} AS ENUM (${['', ...bigAccounts].map(literal).join(', ')})`,
      );
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${TABLE} AS
      WITH lake AS (FROM ${lake}) SELECT ${columns} FROM (${measuredFor(bigAccounts, stated)})`);
    return await work(TABLE);
  } finally {
    await engine.run(`DROP TABLE IF EXISTS ${TABLE}`);
    for (const column of texts) await engine.run(`DROP TYPE IF EXISTS ${typeOf(column)}`);
  }
}
