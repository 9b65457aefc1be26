/** A process may die at any instant: nothing acknowledged is lost, nothing is counted twice. */
import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cli, finished, PROJECT, spawnCli, temporaryDirectory } from '../testing/workspace.ts';
import { fileList } from './engine.ts';
import { readManifest } from './manifest.ts';
import { openWarehouse } from './warehouse.ts';

async function lakeOf<T extends object>(
  dataDir: string,
  dataset: string,
  sql: (lake: string) => string,
): Promise<T> {
  const warehouse = await openWarehouse(dataDir);
  try {
    const store = warehouse.dataset(dataset);
    const files = (await readManifest(store.layout)).lake.map((f) => join(store.layout.lake, f.file));
    const [row] = await (await store.engine()).query<T>(sql(`read_parquet(${fileList(files)})`));
    return row as T;
  } finally {
    await warehouse.close();
  }
}

const MAPPING = `name: t
fields: { id: id, createdAt: at, model: model, promptTokens: p, completionTokens: c }
`;

it('an import killed at many moments and run again gives exactly the truth', async () => {
  await using directory = await temporaryDirectory();
  const data = join(directory.path, 'data');
  const mapping = join(directory.path, 'm.yaml');
  await writeFile(mapping, MAPPING);
  const files: string[] = [];
  let truth = 0;
  for (let f = 0; f < 4; f++) {
    const lines = ['id,at,model,p,c'];
    for (let i = 0; i < 20_000; i++) {
      // A quarter of the ids of each file stand in the next one too.
      const n = f * 15_000 + i;
      lines.push(`g${n},2025-0${1 + (n % 6)}-03 10:00:00,openai/gpt-4o,${n % 1000},${n % 77}`);
    }
    const path = join(directory.path, `${f}.csv`);
    await writeFile(path, lines.join('\n'));
    files.push(path);
  }
  for (let n = 0; n < 65_000; n++) truth += (n % 1000) + (n % 77);
  const args = ['import', 'csv', ...files, '--mapping', mapping, '--dataset', 'x', '--data', data];
  for (let round = 0; round < 14; round++) {
    const child = spawnCli(args);
    const done = finished(child);
    await sleep(150 + Math.random() * 900);
    child.kill('SIGKILL');
    await done;
  }
  const last = await cli(args);
  expect(last.code, last.stderr).toBe(0);
  const found = await lakeOf<{ n: number; ids: number; tokens: number }>(
    data,
    'x',
    (lake) =>
      `SELECT count(*) AS n, count(DISTINCT id) AS ids, sum(total_tokens)::BIGINT AS tokens FROM ${lake}`,
  );
  expect(found).toEqual({ n: 65_000, ids: 65_000, tokens: truth });
  const f2 = await cli(['exhibit', 'F2', '--dataset', 'x', '--data', data, '--format', 'json']);
  const rows = (JSON.parse(f2.stdout) as { rows: { value: number }[] }).rows;
  expect(rows.reduce((sum, r) => sum + r.value, 0)).toBe(truth);
  // The dead left nothing behind that grows.
  expect(await readdir(join(data, 'datasets/x/staging'))).toEqual([]);
}, 120_000);

it('an ingest killed at many moments keeps every acknowledged record, once', async () => {
  await using directory = await temporaryDirectory();
  const acknowledged: string[] = [];
  for (let run = 0; run < 8; run++) {
    const child = spawn(process.execPath, [
      join(PROJECT, 'src/testing/journal-writer.ts'),
      directory.path,
      `r${run}`,
    ]);
    let settling: Promise<unknown> = Promise.resolve();
    if (run % 2 === 1) settling = cli(['settle', '--dataset', 'live', '--data', directory.path]);
    // The first dies wherever it is by then; the others while they write, however slowly the machine starts them.
    const kill = () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 700);
    if (run === 0) setTimeout(kill, 250);
    else child.stdout?.once('data', kill);
    const { stdout } = await finished(child);
    for (const batch of stdout.split('\n').slice(0, -1)) acknowledged.push(`r${run}-${batch}`);
    // A settling process dies as well, now and then.
    await settling;
  }
  for (let i = 0; i < 4; i++) {
    const child = spawnCli(['settle', '--dataset', 'live', '--data', directory.path]);
    const done = finished(child);
    await sleep(200 + Math.random() * 400);
    child.kill('SIGKILL');
    await done;
  }
  const last = await cli(['settle', '--dataset', 'live', '--data', directory.path]);
  expect(last.code, last.stderr).toBe(0);
  expect(acknowledged.length).toBeGreaterThan(20);
  const list = acknowledged.map((a) => `'${a}'`).join(', ');
  const found = await lakeOf<{ rows: number; ids: number; batches: number }>(
    directory.path,
    'live',
    (lake) => `SELECT count(*) AS rows, count(DISTINCT id) AS ids,
      (SELECT count(*) FROM ${lake} WHERE regexp_extract(id, '^(r\\d+-\\d+)-', 1) IN (${list})) AS batches FROM ${lake}`,
  );
  expect(found.rows).toBe(found.ids);
  expect(found.batches).toBe(acknowledged.length * 20);
}, 120_000);
