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
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { loadRecords } from './lake-records.ts';
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
    if (names.includes('import')) out.push(...(await benchImports(engine, warehouse, directory, rows, say)));
    if (names.includes('marts') || names.includes('exhibits')) {
      say(`Making ${rows.toLocaleString('en-GB')} records`);
      const dataset = warehouse.dataset('bench');
      await loadRecords(dataset, { rows, from: FROM, days: DAYS });
      const marts = await benchMarts(engine, dataset, rows, say);
      if (names.includes('marts')) out.push(...marts);
      if (names.includes('exhibits')) out.push(...(await benchExhibits(warehouse, dataset, say)));
    }
    return out;
  } finally {
    engine.close();
    await warehouse.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function benchImports(
  engine: Engine,
  warehouse: Warehouse,
  directory: string,
  rows: number,
  say: (text: string) => void,
): Promise<Measurement[]> {
  const out: Measurement[] = [];
  const mapping = join(directory, 'generated.yaml');
  await writeFile(mapping, RECORDS_MAPPING);
  for (const format of ['csv', 'ndjson'] as const) {
    if (format === 'ndjson' && rows > MOST_JSON_ROWS) continue;
    say(`Writing ${rows.toLocaleString('en-GB')} records as ${format}`);
    const path = join(directory, `records.${format}`);
    await writeRecords(engine, path, format === 'csv' ? 'csv' : 'json', { rows, from: FROM, days: DAYS });
    say(`Importing ${format}`);
    const dataset = warehouse.dataset(`bench-${format}`);
    out.push(await benchImport(engine, warehouse, dataset, format, path, mapping, rows));
    await rm(path);
  }
  return out;
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
  dataset: Dataset,
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
  const build = await time(() => dataset.settle());
  scans.push(await time(scan), await time(scan));
  say('One more week');
  const weekRows = Math.max(1, Math.round((rows * 7) / DAYS));
  await loadRecords(dataset, { rows: weekRows, yearRows: rows, from: '2025-12-01', days: 7, offset: rows });
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

const FILTERS = [
  'author=deepseek',
  'model=openai/model-1',
  'open=open',
  'reasoning=true',
  'variant=free',
  'provider=provider-7',
  'byok=true',
  'country=DE',
  'region=europe',
  'routed_region=eu-west',
  'app=ide',
  'account_class=large',
  'account_class=regular',
  'category=programming',
];

async function benchExhibits(
  warehouse: Warehouse,
  dataset: Dataset,
  say: (text: string) => void,
): Promise<Measurement[]> {
  say('Running every exhibit');
  const reports: ReportService = await openReports(warehouse, { cache: false });
  const plain: number[] = [];
  const filtered: number[] = [];
  const ratios: number[] = [];
  const raw: number[] = [];
  const slow: [number, string][] = [];
  const run = (id: string, where: string[]) => reports.exhibit(dataset.name, id, parseRange({ where }), 'en');
  const own = await dataset.engine();
  for (const exhibit of EXHIBITS) {
    if ((await run(exhibit.id, [])).lacking.length > 0) continue;
    for (let i = 0; i < 5; i++) plain.push(await time(() => run(exhibit.id, [])));
    for (const [i, where] of FILTERS.entries()) {
      if ((await run(exhibit.id, [where])).lacking.length > 0) continue;
      const seconds = await time(() => run(exhibit.id, [where]));
      filtered.push(seconds);
      slow.push([seconds, `${exhibit.id} ${where}`]);
      // The records are slow to read: each exhibit with one filter, each filter with some exhibit.
      if (i !== EXHIBITS.indexOf(exhibit) % FILTERS.length) continue;
      const range = parseRange({ where: [where] });
      const views = await reports.rawViews(dataset.name, range, exhibit.sql);
      const records = await time(() => queryViews(own, views, exhibit.sql));
      raw.push(records);
      ratios.push(records / seconds);
    }
  }
  slow.sort((a, b) => b[0] - a[0]);
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
        detail: {
          medianSeconds: cube,
          slowest: slow
            .slice(0, 5)
            .map(([s, what]) => `${what} ${seconds(s)}`)
            .join(', '),
        },
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
        ratio: median(ratios),
        detail: { rawSeconds: median(raw), least: Math.min(...ratios) },
      },
      '>=',
      20,
    ),
  ];
}
