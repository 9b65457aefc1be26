/**
 * The yardsticks for import, marts and exhibits, on generated records in a directory of its own that is deleted after.
 * Every figure is a ratio of two times measured in the same run.
 */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXHIBITS } from '../exhibits/registry.ts';
import { runImport } from '../ingest/import.ts';
import { openReports, parseRange, type ReportService } from '../server/report-service.ts';
import { queryViews } from '../warehouse/dataset-reader.ts';
import { type Engine, literal, openEngine } from '../warehouse/engine.ts';
import { martsOf } from '../warehouse/mart-definitions.ts';
import { martQuery } from '../warehouse/mart-source.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { judge, type Measurement, median, quantile, seconds, time } from './measure.ts';
import { RECORDS_MAPPING, writeRecords } from './records.ts';

export const BENCHES = ['import', 'marts', 'exhibits'] as const;
export type BenchName = (typeof BENCHES)[number];

const FROM = '2024-11-04';
const DAYS = 392;
/** JSON lines are ten times a record's Parquet: beyond this many rows only CSV is written. */
const MOST_JSON_ROWS = 5e6;

export async function runBench(
  names: readonly BenchName[],
  rows: number,
  say: (text: string) => void,
): Promise<Measurement[]> {
  const directory = await mkdtemp(join(process.env.STATEAI_BENCH_DIR ?? tmpdir(), 'stateai-bench-'));
  const out: Measurement[] = [];
  const warehouse = await openWarehouse(join(directory, 'data'));
  const engine = await openEngine({ tempDir: join(directory, 'spill') });
  try {
    const mapping = join(directory, 'generated.yaml');
    await writeFile(mapping, RECORDS_MAPPING);
    say(`Writing ${rows.toLocaleString('en-GB')} records as CSV`);
    const csv = join(directory, 'records.csv');
    await writeRecords(engine, csv, 'csv', { rows, from: FROM, days: DAYS });
    const dataset = warehouse.dataset('bench');
    say('Importing CSV');
    const imported = await benchImport(engine, warehouse, dataset, 'csv', csv, mapping, rows);
    await rm(csv);
    if (names.includes('import')) {
      out.push(imported);
      if (rows <= MOST_JSON_ROWS) {
        say('Importing NDJSON');
        const json = join(directory, 'records.ndjson');
        await writeRecords(engine, json, 'json', { rows, from: FROM, days: DAYS });
        const other = warehouse.dataset('bench-json');
        out.push(await benchImport(engine, warehouse, other, 'ndjson', json, mapping, rows));
        await rm(json);
      }
    }
    if (names.includes('marts'))
      out.push(...(await benchMarts(engine, warehouse, dataset, directory, mapping, rows, say)));
    if (names.includes('exhibits')) out.push(...(await benchExhibits(engine, warehouse, dataset, say)));
    return out;
  } finally {
    engine.close();
    await warehouse.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function benchImport(
  engine: Engine,
  warehouse: Warehouse,
  dataset: Dataset,
  format: 'csv' | 'ndjson',
  path: string,
  mapping: string,
  rows: number,
): Promise<Measurement> {
  const reader = format === 'csv' ? 'read_csv' : 'read_json';
  const target = `${path}.parquet`;
  const copy = () =>
    engine.run(
      `COPY (SELECT * FROM ${reader}(${literal(path)})) TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  const before = await time(copy);
  const all = await time(async () => {
    const summary = await runImport(warehouse, dataset, { format, paths: [path], mapping, settle: false });
    if (summary.failures[0]) throw summary.failures[0];
    if (summary.rows !== rows) throw new Error(`imported ${summary.rows} of ${rows} rows`);
  });
  const marts = await time(() => dataset.settle());
  const after = await time(copy);
  await rm(target);
  const baseline = median([before, after]);
  return judge(
    {
      bench: 'import',
      name: `${format} → lake`,
      value: `${Math.round(rows / all).toLocaleString('en-GB')} rows/s`,
      against: `DuckDB COPY ${Math.round(rows / baseline).toLocaleString('en-GB')} rows/s`,
      ratio: baseline / all,
      detail: { rows, importSeconds: all, copySeconds: baseline, martsSeconds: marts },
    },
    '>=',
    0.5,
  );
}

async function benchMarts(
  engine: Engine,
  warehouse: Warehouse,
  dataset: Dataset,
  directory: string,
  mapping: string,
  rows: number,
  say: (text: string) => void,
): Promise<Measurement[]> {
  say('Building all marts');
  const lake = join(dataset.layout.lake, '*', '*.parquet');
  const scan = () =>
    engine.query(
      `SELECT date_trunc('week', created_at) AS week, model, sum(total_tokens) AS tokens FROM read_parquet(${literal(lake)}) GROUP BY ALL`,
    );
  const scans = [await time(scan), await time(scan), await time(scan)];
  const manifest = await dataset.manifest();
  const months = Map.groupBy(manifest.lake, (f) => f.month);
  const build = await time(async () => {
    for (const [month, files] of months) {
      const paths = files.map((f) => join(dataset.layout.lake, f.file));
      for (const mart of martsOf({})) {
        if (mart.reads !== 'lake') continue;
        await engine.run(
          `COPY (${martQuery(mart, paths)}) TO ${literal(join(directory, `${mart.name}-${month}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
        );
      }
      const base = join(directory, `traffic_by_provider-${month}.parquet`);
      for (const mart of martsOf({}).filter((m) => m.reads !== 'lake'))
        await engine.run(
          `COPY (WITH ${mart.reads} AS (FROM read_parquet(${literal(base)})) ${mart.sql}) TO ${literal(join(directory, `${mart.name}-${month}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
        );
    }
  });
  scans.push(await time(scan), await time(scan));
  say('One more week');
  const week = join(directory, 'week.csv');
  const weekRows = Math.max(1, Math.round((rows * 7) / DAYS));
  await writeRecords(engine, week, 'csv', { rows: weekRows, from: '2025-12-01', days: 7, offset: rows });
  await runImport(warehouse, dataset, { format: 'csv', paths: [week], mapping, settle: false });
  const more = await time(() => dataset.settle());
  const bytes = await Promise.all(
    manifest.lake.map(async (f) => (await stat(join(dataset.layout.lake, f.file))).size),
  );
  const detail = {
    rows,
    lakeBytesPerRow: bytes.reduce((a, b) => a + b, 0) / rows,
    buildSeconds: build,
    scanSeconds: median(scans),
  };
  return [
    judge(
      {
        bench: 'marts',
        name: 'all marts',
        value: seconds(build),
        against: `one scan, week × model ${seconds(median(scans))}`,
        ratio: build / median(scans),
        detail,
      },
      '<=',
      12,
    ),
    judge(
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
    ),
  ];
}

const FILTERS = ['provider=provider-7', 'country=DE', 'app=ide', 'author=deepseek', 'byok=true', 'open=open'];

async function benchExhibits(
  engine: Engine,
  warehouse: Warehouse,
  dataset: Dataset,
  say: (text: string) => void,
): Promise<Measurement[]> {
  say('Running every exhibit');
  const reports: ReportService = await openReports(warehouse, { cache: false });
  const plain: number[] = [];
  const filtered: number[] = [];
  const raw: number[] = [];
  const run = (id: string, where: string[]) => reports.exhibit(dataset.name, id, parseRange({ where }), 'en');
  for (const exhibit of EXHIBITS) {
    await run(exhibit.id, []);
    for (let i = 0; i < 5; i++) plain.push(await time(() => run(exhibit.id, [])));
    for (const where of FILTERS) {
      await run(exhibit.id, [where]);
      filtered.push(await time(() => run(exhibit.id, [where])));
    }
  }
  const f1 = EXHIBITS[0];
  if (f1)
    for (const where of FILTERS.slice(0, 3))
      raw.push(
        await time(async () =>
          queryViews(engine, await reports.rawViews(dataset.name, parseRange({ where: [where] })), f1.sql),
        ),
      );
  const cube = median(filtered);
  return [
    judge(
      {
        bench: 'exhibits',
        name: 'default view, warm, p95',
        value: seconds(quantile(plain, 0.95)),
        against: '50 ms',
        ratio: quantile(plain, 0.95) / 0.05,
        detail: { medianSeconds: median(plain) },
      },
      '<=',
      1,
    ),
    judge(
      {
        bench: 'exhibits',
        name: 'one filter, p95',
        value: seconds(quantile(filtered, 0.95)),
        against: '300 ms',
        ratio: quantile(filtered, 0.95) / 0.3,
        detail: { medianSeconds: cube },
      },
      '<=',
      1,
    ),
    judge(
      {
        bench: 'exhibits',
        name: 'one filter, against the raw records',
        value: seconds(cube),
        against: `same query on raw Parquet ${seconds(median(raw))}`,
        ratio: median(raw) / cube,
        detail: { rawSeconds: median(raw) },
      },
      '>=',
      20,
    ),
  ];
}
