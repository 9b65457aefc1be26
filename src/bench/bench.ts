/**
 * The yardsticks for import, marts and exhibits, on generated records or a simulated world, in a directory of its own that
 * is deleted after.
 * Every figure is a ratio of two times measured in the same run.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalog } from '../catalog/catalog.ts';
import { runImport } from '../ingest/import.ts';
import { simulate } from '../simulate/simulate.ts';
import { STUDY_WORLD } from '../simulate/study-world/index.ts';
import { type Engine, literal, openEngine } from '../warehouse/engine.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { benchExhibits } from './exhibits.ts';
import { loadRecords } from './lake-records.ts';
import { benchMarts, benchWeek } from './marts.ts';
import { judge, type Measurement, median, time } from './measure.ts';
import { RECORDS_MAPPING, writeRecords } from './records.ts';
import { makeScratch, removeScratch } from './scratch.ts';

export const BENCHES = ['import', 'marts', 'exhibits'] as const;
export type BenchName = (typeof BENCHES)[number] | 'world';

const FROM = '2024-11-04';
const DAYS = 392;
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

const WORLD_FILTERS = [
  'author=openai',
  'open=open',
  'reasoning=true',
  'variant=free',
  'provider=Together',
  'byok=true',
  'country=DE',
  'region=asia',
  'app=Translator',
  'account_class=large',
  'category=programming',
];

/** JSON lines are ten times a record's Parquet: beyond this many rows only CSV is written. */
const MOST_JSON_ROWS = 5e6;

export async function runBench(
  names: readonly BenchName[],
  rows: number,
  say: (text: string) => void,
): Promise<Measurement[]> {
  const directory = await makeScratch('bench');
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
      if (names.includes('marts')) out.push(marts, await benchWeek(dataset, marts, rows, DAYS, say));
      if (names.includes('exhibits')) out.push(...(await benchExhibits(warehouse, dataset, FILTERS, say)));
    }
    if (names.includes('world')) out.push(...(await benchWorld(engine, warehouse, rows, say)));
    return out;
  } finally {
    engine.close();
    await warehouse.close();
    await removeScratch(directory);
  }
}

/** Marts and exhibits of the simulated study world. */
async function benchWorld(
  engine: Engine,
  warehouse: Warehouse,
  generations: number,
  say: (text: string) => void,
): Promise<Measurement[]> {
  say(`Simulating ${generations.toLocaleString('en-GB')} generations`);
  const dataset = warehouse.dataset('world');
  const catalog = await loadCatalog({ dataDir: warehouse.dataDir });
  await simulate(dataset, STUDY_WORLD, catalog, { generations, seed: 7 });
  return [
    await benchMarts(engine, dataset, generations, say),
    ...(await benchExhibits(warehouse, dataset, WORLD_FILTERS, say)),
  ];
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
