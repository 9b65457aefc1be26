/** Settles which record of several with one id stays. Works on row addresses, so whole rows are copied only if one loses. */
import { FIELDS } from '../generation/generation.ts';
import { column, lakeRelation } from './columns.ts';
import { type Engine, fileList, literal } from './engine.ts';

export interface Losers {
  /** How many of the fresh rows lose. */
  fresh: number;
  rowsOf(path: string): number;
  /** A subquery giving the row numbers that lose in a file. */
  rowNumbersOf(path: string): string;
}

/** So many ids fit comfortably in memory at a time; more are settled in several passes over parts of the hash space. */
const IDS_A_PASS = 6e6;

/** How many fields a record states. */
const stated = FIELDS.map((f) => `(${column(f)} IS NOT NULL)::INT`).join(' + ');
const rowDigest = `md5(concat_ws('|', ${FIELDS.map((f) => `coalesce(${column(f)}::VARCHAR, '')`).join(', ')}))`;

/**
 * Compares fresh files with each other (`within`) and with files of the lake.
 * The fullest record wins: most completion tokens, most tokens, highest cost, most fields that it states, earliest time, then a fixed
 * order; with `replace` a fresh record wins over one of the lake.
 */
export async function findLosers(
  engine: Engine,
  fresh: readonly string[],
  lake: readonly string[],
  options: { within: boolean; replace: boolean },
): Promise<Losers> {
  await engine.run('CREATE OR REPLACE TEMP TABLE losers (path VARCHAR, row_number BIGINT, is_fresh BOOLEAN)');
  if (fresh.length > 0 && (options.within || lake.length > 0)) {
    const [count] = await engine.query<{ n: number }>(`SELECT count(*) AS n FROM ${read(fresh)}`);
    const nearby = lake.length > 0 ? await rowsWithin(engine, fresh, lake) : null;
    const passes = Math.max(1, Math.ceil((count?.n ?? 0) / IDS_A_PASS));
    for (let pass = 0; pass < passes; pass++) {
      const part = passes === 1 ? 'true' : `hash(id) % ${passes} = ${pass}`;
      await findSuspects(engine, fresh, nearby, options.within, part);
      await settle(engine, fresh, nearby, options.replace);
    }
    await engine.run('DROP TABLE IF EXISTS suspects');
  }
  const counts = await engine.query<{ path: string; is_fresh: boolean; n: number }>(
    'SELECT path, is_fresh, count(*) AS n FROM losers GROUP BY ALL',
  );
  const byPath = new Map(counts.map((c) => [c.path, c.n]));
  return {
    fresh: counts.filter((c) => c.is_fresh).reduce((sum, c) => sum + c.n, 0),
    rowsOf: (path) => byPath.get(path) ?? 0,
    rowNumbersOf: (path) => `SELECT row_number FROM losers WHERE path = ${literal(path)}`,
  };
}

/** Rows of the lake that can have an id of the fresh ones. */
interface Nearby {
  lake: readonly string[];
  condition: string;
}

/**
 * Ids mostly begin with a time or a number that grows, so the range of the fresh ids lets the engine skip whole files
 * and row groups by their statistics; where ids are random nothing is skipped and nothing is missed.
 */
async function rowsWithin(
  engine: Engine,
  fresh: readonly string[],
  lake: readonly string[],
): Promise<Nearby> {
  const [ids] = await engine.query<{ low: string | null; high: string | null }>(
    `SELECT min(id) AS low, max(id) AS high FROM ${read(fresh)}`,
  );
  const plain = (id: string | null | undefined): id is string => /^[ -~]+$/.test(id ?? '');
  if (!plain(ids?.low) || !plain(ids?.high)) return { lake, condition: 'true' };
  return { lake, condition: `id BETWEEN ${literal(ids.low)} AND ${literal(ids.high)}` };
}

async function findSuspects(
  engine: Engine,
  fresh: readonly string[],
  nearby: Nearby | null,
  within: boolean,
  part: string,
): Promise<void> {
  const parts: string[] = [];
  if (within)
    parts.push(`SELECT hash(id) AS h FROM ${read(fresh)} WHERE ${part} GROUP BY h HAVING count(*) > 1`);
  if (nearby)
    parts.push(`SELECT DISTINCT l.h FROM (
        SELECT hash(id) AS h FROM ${read(nearby.lake)} WHERE ${nearby.condition} AND ${part}) l
      WHERE l.h IN (SELECT hash(id) FROM ${read(fresh)} WHERE ${part})`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE suspects AS ${parts.join(' UNION ')}`);
}

async function settle(
  engine: Engine,
  fresh: readonly string[],
  nearby: Nearby | null,
  replace: boolean,
): Promise<void> {
  const [found] = await engine.query<{ n: number }>('SELECT count(*) AS n FROM suspects');
  if (!found?.n) return;
  const candidates = (files: readonly string[], isFresh: boolean, condition = 'true') => `
    SELECT id, filename AS path, file_row_number AS row_number, ${isFresh} AS is_fresh,
      completion_tokens, total_tokens, "cost", ${stated} AS stated, created_at, ${rowDigest} AS digest
    FROM ${lakeRelation(files, ['filename = true', 'file_row_number = true'])}
    WHERE ${condition} AND hash(id) IN (FROM suspects)`;
  const sides = [
    candidates(fresh, true),
    ...(nearby ? [candidates(nearby.lake, false, nearby.condition)] : []),
  ];
  await engine.run(`INSERT INTO losers
    SELECT path, row_number, is_fresh FROM (${sides.join(' UNION ALL ')})
    QUALIFY row_number() OVER (
      PARTITION BY id
      ORDER BY ${replace ? 'is_fresh DESC,' : ''} completion_tokens DESC NULLS LAST, total_tokens DESC,
        "cost" DESC NULLS LAST, stated DESC, created_at, digest DESC, is_fresh ASC, path, row_number
    ) > 1`);
}

const read = (files: readonly string[]): string =>
  `read_parquet(${fileList(files)}, hive_partitioning = false)`;
