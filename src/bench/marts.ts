/** Building all marts against one scan of the records, and one more week against all marts. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, literal } from '../warehouse/engine.ts';
import type { Dataset } from '../warehouse/warehouse.ts';
import { loadRecords } from './lake-records.ts';
import { judge, type Measurement, median, seconds, time } from './measure.ts';

/** @param dataset records without marts */
export async function benchMarts(
  engine: Engine,
  dataset: Dataset,
  rows: number,
  say: (text: string) => void,
): Promise<Measurement> {
  say('Building all marts');
  const lake = join(dataset.layout.lake, '*', '*.parquet');
  const scan = () =>
    engine.query(
      `SELECT date_trunc('week', created_at) AS week, model, sum(total_tokens) AS tokens FROM read_parquet(${literal(lake)}) GROUP BY ALL`,
    );
  const scans = [await time(scan), await time(scan), await time(scan)];
  const manifest = await dataset.manifest();
  const build = await time(() => dataset.settle());
  scans.push(await time(scan), await time(scan));
  const bytes = await Promise.all(
    manifest.lake.map(async (f) => (await stat(join(dataset.layout.lake, f.file))).size),
  );
  return judge(
    {
      bench: 'marts',
      name: 'all marts',
      value: seconds(build),
      against: `one scan, week × model ${seconds(median(scans))}`,
      ratio: build / median(scans),
      detail: {
        rows,
        lakeBytesPerRow: bytes.reduce((a, b) => a + b, 0) / rows,
        buildSeconds: build,
        scanSeconds: median(scans),
      },
    },
    '<=',
    12,
  );
}

/**
 * @param all the measurement of all marts
 * @param days days of the records that are there
 */
export async function benchWeek(
  dataset: Dataset,
  all: Measurement,
  rows: number,
  days: number,
  say: (text: string) => void,
): Promise<Measurement> {
  say('One more week');
  const weekRows = Math.max(1, Math.round((rows * 7) / days));
  await loadRecords(dataset, { rows: weekRows, yearRows: rows, from: '2025-12-01', days: 7, offset: rows });
  const build = Number(all.detail.buildSeconds);
  const more = await time(() => dataset.settle());
  return judge(
    {
      bench: 'marts',
      name: 'one more week',
      value: seconds(more),
      against: `all marts ${seconds(build)}`,
      ratio: more / build,
      detail: { weekRows, seconds: more },
    },
    '<=',
    0.06,
  );
}
