/** What a Parquet file of records holds, read from its footer, not from its rows. */
import { type Engine, fileList, literal } from './engine.ts';
import type { LakeFile } from './manifest.ts';

export type ParquetFacts = Pick<LakeFile, 'month' | 'rows' | 'from' | 'to' | 'nulls'>;

/** One entry a path, in the order given. */
export async function describeParquet(engine: Engine, paths: readonly string[]): Promise<ParquetFacts[]> {
  const out: ParquetFacts[] = [];
  for (const path of paths) {
    const columns = await engine.query<{
      column: string;
      rows: number;
      nulls: number;
      low: string;
      high: string;
    }>(`
      SELECT path_in_schema AS column, sum(num_values)::BIGINT AS rows, sum(stats_null_count)::BIGINT AS nulls,
        min(stats_min_value) AS low, max(stats_max_value) AS high
      FROM parquet_metadata(${literal(path)})
      WHERE path_in_schema NOT LIKE 'labels%'
      GROUP BY path_in_schema`);
    const [labels] = await engine.query<{ nulls: number }>(
      `SELECT count(*) FILTER (WHERE labels IS NULL) AS nulls FROM read_parquet(${fileList([path])})`,
    );
    const time = columns.find((c) => c.column === 'created_at');
    const nulls = Object.fromEntries(columns.filter((c) => c.nulls > 0).map((c) => [c.column, c.nulls]));
    if (labels?.nulls) nulls.labels = labels.nulls;
    const iso = (text: string) =>
      text
        .replace(' ', 'T')
        .replace(/(\.\d{3})\d*$/, '$1')
        .replace(/Z?$/, 'Z');
    out.push({
      month: (time?.low ?? '').slice(0, 7),
      rows: time?.rows ?? 0,
      from: iso(time?.low ?? ''),
      to: iso(time?.high ?? ''),
      nulls,
    });
  }
  return out;
}
