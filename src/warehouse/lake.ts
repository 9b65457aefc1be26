/** What a Parquet file of records holds, read from its footer, not from its rows. */
import { DOOR_OF_RECORD } from './door-of-record.ts';
import { type Engine, fileList } from './engine.ts';
import type { LakeFile } from './manifest.ts';

export type ParquetFacts = Pick<LakeFile, 'month' | 'rows' | 'from' | 'to' | 'nulls'>;

/** One entry a path, in the order given. */
export async function describeParquet(engine: Engine, paths: readonly string[]): Promise<ParquetFacts[]> {
  if (paths.length === 0) return [];
  const columns = await engine.query<ColumnFacts>(`
    SELECT file_name AS path, path_in_schema AS column, sum(num_values)::BIGINT AS rows,
      sum(stats_null_count)::BIGINT AS nulls, min(stats_min_value) AS low, max(stats_max_value) AS high
    FROM parquet_metadata(${fileList(paths)})
    WHERE path_in_schema NOT LIKE 'labels%'
    GROUP BY ALL`);
  // Statistics of a nested column count its leaves, so these rows are looked at.
  const labels = await engine.query<{ path: string; nulls: number }>(`
    SELECT filename AS path, count(*) FILTER (WHERE labels IS NULL) AS nulls
    FROM read_parquet(${fileList(paths)}, filename = true, hive_partitioning = false) GROUP BY ALL`);
  const columnsOf = Map.groupBy(columns, (c) => c.path);
  const labelsOf = new Map(labels.map((l) => [l.path, l.nulls]));
  return paths.map((path) => factsOf(columnsOf.get(path) ?? [], labelsOf.get(path) ?? 0));
}

/** The live doors whose records each of the files holds, in the order given. */
export async function doorsIn(engine: Engine, paths: readonly string[]): Promise<string[][]> {
  if (paths.length === 0) return [];
  const rows = await engine.query<{ path: string; door: string }>(`
    SELECT DISTINCT filename AS path, ${DOOR_OF_RECORD} AS door
    FROM read_parquet(${fileList(paths)}, filename = true, hive_partitioning = false)`);
  const doors = Map.groupBy(rows, (row) => row.path);
  return paths.map((path) => (doors.get(path) ?? []).map((row) => row.door).sort());
}

interface ColumnFacts {
  path: string;
  column: string;
  rows: number;
  nulls: number;
  low: string;
  high: string;
}

function factsOf(columns: readonly ColumnFacts[], withoutLabels: number): ParquetFacts {
  const time = columns.find((c) => c.column === 'created_at');
  const nulls = Object.fromEntries(columns.filter((c) => c.nulls > 0).map((c) => [c.column, c.nulls]));
  if (withoutLabels > 0) nulls.labels = withoutLabels;
  return {
    month: (time?.low ?? '').slice(0, 7),
    rows: time?.rows ?? 0,
    from: iso(time?.low ?? ''),
    to: iso(time?.high ?? ''),
    nulls,
  };
}

const iso = (text: string): string =>
  text
    .replace(' ', 'T')
    .replace(/(\.\d{3})\d*$/, '$1')
    .replace(/Z?$/, 'Z');
