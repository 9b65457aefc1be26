/** What a Parquet file of records holds, read from its footer, not from its rows. */
import { FIELDS } from '../generation/generation.ts';
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
    GROUP BY ALL`);
  const columnsOf = Map.groupBy(columns, (c) => c.path);
  const nulls = await withoutLabels(engine, [...new Set(columns.filter(isLabels).map((c) => c.path))]);
  return paths.map((path) => factsOf(columnsOf.get(path) ?? [], nulls.get(path)));
}

/** Statistics of a nested column count its leaves, so these rows are looked at. */
async function withoutLabels(engine: Engine, paths: readonly string[]): Promise<Map<string, number>> {
  if (paths.length === 0) return new Map();
  const counts = await engine.query<{ path: string; nulls: number }>(`
    SELECT filename AS path, count(*) FILTER (WHERE labels IS NULL) AS nulls
    FROM read_parquet(${fileList(paths)}, filename = true, hive_partitioning = false) GROUP BY ALL`);
  return new Map(counts.map((c) => [c.path, c.nulls]));
}

const isLabels = ({ column }: ColumnFacts): boolean => column.startsWith('labels');

interface ColumnFacts {
  path: string;
  column: string;
  rows: number;
  nulls: number;
  low: string;
  high: string;
}

/** A column that the file lacks is NULL in all of its rows. */
function factsOf(columns: readonly ColumnFacts[], withoutLabels: number | undefined): ParquetFacts {
  const time = columns.find((c) => c.column === 'created_at');
  const rows = time?.rows ?? 0;
  const nullsOf = new Map(columns.filter((c) => !isLabels(c)).map((c) => [c.column, c.nulls]));
  if (withoutLabels !== undefined) nullsOf.set('labels', withoutLabels);
  const nulls: Record<string, number> = {};
  for (const { column } of FIELDS) {
    const count = nullsOf.get(column) ?? rows;
    if (count > 0) nulls[column] = count;
  }
  return {
    month: (time?.low ?? '').slice(0, 7),
    rows,
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
