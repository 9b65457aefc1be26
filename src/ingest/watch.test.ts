/** A watch over files as they come: growing, half written, rotated, broken; by two at once; ended at any moment. */
import { appendFile, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { finished, spawnCli, temporaryDirectory } from '../testing/workspace.ts';
import { fileList } from '../warehouse/engine.ts';
import { type Dataset, openWarehouse, type Warehouse } from '../warehouse/warehouse.ts';
import { readDoorCounts } from './door-log.ts';
import { type WatchRun, watch } from './watch.ts';
import { fileRuns } from './watch-runs.ts';
import { readWatches, startHeartbeat } from './watch-state.ts';

const entry = (id: number, more: object = {}) =>
  JSON.stringify({
    type: 'assistant',
    timestamp: new Date(Date.UTC(2026, 2, 2) + id * 1000).toISOString(),
    sessionId: 's1',
    requestId: `req_${id}`,
    message: {
      id: `m${id}`,
      model: 'claude-sonnet-4-5',
      usage: { input_tokens: 10 + id, output_tokens: 5 },
      ...more,
    },
  });
const row = (n: number) =>
  JSON.stringify({ at: `2026-03-02T10:00:${String(n).padStart(2, '0')}Z`, model: 'openai/gpt-5', n });
const MAPPING = 'format: ndjson\nfields:\n  createdAt: at\n  model: model\n  promptTokens: n\n';

async function until(met: () => Promise<boolean> | boolean, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await met())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await sleep(20);
  }
}

async function totals(dataset: Dataset): Promise<{ rows: number; tokens: number }> {
  const files = (await dataset.manifest()).lake.map((f) => join(dataset.layout.lake, f.file));
  if (files.length === 0) return { rows: 0, tokens: 0 };
  const [found] = await (await dataset.engine()).query<{ rows: number; tokens: number }>(
    `SELECT count(*)::INTEGER AS rows, sum(prompt_tokens)::INTEGER AS tokens FROM read_parquet(${fileList(files)})`,
  );
  return found ?? { rows: 0, tokens: 0 };
}

async function workspace() {
  const directory = await temporaryDirectory();
  const logs = join(directory.path, 'logs');
  await mkdir(logs);
  const warehouse = await openWarehouse(join(directory.path, 'data'));
  const dataset = warehouse.dataset('live');
  const mapping = join(directory.path, 'mapping.yaml');
  await writeFile(mapping, MAPPING);
  const running: { stop(): Promise<void> }[] = [];
  const others: Warehouse[] = [];
  return {
    logs,
    dataset,
    path: (name: string) => join(logs, name),
    total: () => totals(dataset),
    /** The same file from an hour ago: nobody writes to it any more. */
    async age(name: string) {
      const then = new Date(Date.now() - 3_600_000);
      await utimes(join(logs, name), then, then);
    },
    async start(format: 'claude-code' | 'ndjson', change: Partial<Parameters<typeof watch>[0]> = {}) {
      // As in a process of its own.
      const own = await openWarehouse(warehouse.dataDir);
      others.push(own);
      const stopping = new AbortController();
      const told: WatchRun[] = [];
      let runs = 0;
      const heartbeat = startHeartbeat(dataset.layout, { door: format, paths: [logs], everyMs: 50 });
      const run = await fileRuns(own, own.dataset('live'), {
        format,
        paths: [logs],
        ...(format === 'ndjson' ? { mapping } : {}),
        signal: stopping.signal,
      });
      const ended = watch({
        everyMs: 50,
        signal: stopping.signal,
        heartbeat,
        async run() {
          const result = await run();
          runs++;
          return result;
        },
        settle: async () => undefined,
        tell: (result) => told.push(result),
        hints: [logs],
        ...change,
      });
      const watching = {
        told,
        /** Resolves when a run that began from now on is over. */
        async nextRun() {
          const after = runs + 2;
          await until(() => runs >= after);
        },
        async stop() {
          stopping.abort();
          await ended;
          await heartbeat.end();
        },
      };
      running.push(watching);
      return watching;
    },
    async [Symbol.asyncDispose]() {
      for (const each of running) await each.stop();
      for (const each of others) await each.close();
      await warehouse.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe('a watch', () => {
  it('takes in lines as they are written, whole ones only, each once', async () => {
    await using w = await workspace();
    const watching = await w.start('claude-code');
    await writeFile(w.path('a.jsonl'), `${entry(1)}\n${entry(2)}\n`);
    await until(async () => (await w.total()).rows === 2);
    const third = entry(3);
    await appendFile(w.path('a.jsonl'), third.slice(0, 90));
    await watching.nextRun();
    expect(await w.total()).toEqual({ rows: 2, tokens: 23 });
    await appendFile(w.path('a.jsonl'), `${third.slice(90)}\n`);
    await writeFile(w.path('b.jsonl'), `${entry(4)}\n`);
    await until(async () => (await w.total()).rows === 4);
    await watching.nextRun();
    await watching.stop();
    expect(await w.total()).toEqual({ rows: 4, tokens: 50 });
    expect(watching.told.reduce((sum, t) => sum + t.rows, 0)).toBe(4);
    expect(watching.told.every((t) => t.rows > 0 && t.rejected === 0)).toBe(true);
    const [door] = await readDoorCounts(w.dataset.layout);
    expect(door).toMatchObject({ accepted: 4, duplicates: 0, rejected: 0 });
    expect(await readWatches(w.dataset.layout)).toEqual([]);
  });

  it('takes a table that is being written up to its last whole row, and the last one when nobody writes any more', async () => {
    await using w = await workspace();
    const watching = await w.start('ndjson');
    // Equal rows count as often as they stand there, however the file grew.
    await writeFile(w.path('a.ndjson'), `${row(1)}\n${row(1)}\n${row(2)}\n${row(30).slice(0, -2)}`);
    await until(async () => (await w.total()).rows === 3);
    await watching.nextRun();
    expect(await w.total()).toEqual({ rows: 3, tokens: 4 });
    await appendFile(w.path('a.ndjson'), `0}\n${row(1)}`);
    await until(async () => (await w.total()).rows === 4);
    expect(await w.total()).toEqual({ rows: 4, tokens: 34 });
    await w.age('a.ndjson');
    await until(async () => (await w.total()).rows === 5);
    await watching.nextRun();
    expect(await w.total()).toEqual({ rows: 5, tokens: 35 });
    expect((await readDoorCounts(w.dataset.layout))[0]).toMatchObject({ accepted: 5, rejected: 0 });
  });

  it('counts what it refused once, however often the file is read', async () => {
    await using w = await workspace();
    const watching = await w.start('claude-code');
    await writeFile(w.path('a.jsonl'), `${entry(1)}\n{"broken\n${entry(2)}\n`);
    await until(async () => (await w.total()).rows === 2);
    for (let i = 3; i < 6; i++) {
      await appendFile(w.path('a.jsonl'), `${entry(i)}\n`);
      await until(async () => (await w.total()).rows === i);
    }
    await appendFile(w.path('a.jsonl'), `nonsense\n${entry(6)}\n`);
    await until(async () => (await w.total()).rows === 6);
    await watching.nextRun();
    expect((await readDoorCounts(w.dataset.layout))[0]).toMatchObject({ accepted: 6, rejected: 2 });
    const files = await readdir(w.dataset.layout.rejects);
    const texts = await Promise.all(files.map((f) => readFile(join(w.dataset.layout.rejects, f), 'utf8')));
    expect(texts.join('').trim().split('\n')).toHaveLength(2);
  });

  it('by two at once does not double, nor do files that are renamed, rotated or deleted', async () => {
    await using w = await workspace();
    const watches = [await w.start('ndjson'), await w.start('ndjson')];
    for (let i = 0; i < 6; i++) {
      await appendFile(w.path('log.ndjson'), `${row(i + 1)}\n${row(i + 1)}\n`);
      await sleep(60);
    }
    await until(async () => (await w.total()).rows === 12);
    await rename(w.path('log.ndjson'), w.path('log.1.ndjson'));
    await writeFile(w.path('log.ndjson'), `${row(50)}\n`);
    await until(async () => (await w.total()).rows === 13);
    await appendFile(w.path('log.1.ndjson'), `${row(51)}\n`);
    await until(async () => (await w.total()).rows === 14);
    // As logrotate names it; what came last before that nobody has read yet.
    await appendFile(w.path('log.1.ndjson'), `${row(52)}\n`);
    await rename(w.path('log.1.ndjson'), w.path('log.ndjson.2'));
    await until(async () => (await w.total()).rows === 15);
    await writeFile(w.path('log.ndjson-20260302.gz'), gzipSync(`${row(53)}\n${row(52)}\n`));
    await until(async () => (await w.total()).rows === 16);
    await rm(w.path('log.ndjson.2'));
    await Promise.all(watches.map((each) => each.nextRun()));
    expect(await w.total()).toEqual({ rows: 16, tokens: 2 * 21 + 50 + 51 + 52 + 53 });
    expect((await readDoorCounts(w.dataset.layout))[0]).toMatchObject({ accepted: 16 });
    expect(watches.flatMap((each) => each.told).filter((t) => t.failed || t.failures.length > 0)).toEqual([]);
  });

  it('tells a broken file once, goes on with the others, and takes it when it is mended', async () => {
    await using w = await workspace();
    await writeFile(w.path('bad.jsonl.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    await w.age('bad.jsonl.gz');
    const watching = await w.start('claude-code');
    await until(() => watching.told.length === 1);
    expect(watching.told[0]?.failures.map((f) => f.message).join()).toContain('bad.jsonl.gz');
    await writeFile(w.path('good.jsonl'), `${entry(1)}\n`);
    await until(async () => (await w.total()).rows === 1);
    await watching.nextRun();
    expect(watching.told.filter((t) => t.failures.length > 0)).toHaveLength(1);
    expect((await readWatches(w.dataset.layout))[0]).toMatchObject({
      running: true,
      lastError: { message: expect.stringContaining('bad.jsonl.gz') },
    });
    await writeFile(w.path('bad.jsonl.gz'), `${entry(2)}\n`);
    await until(async () => (await w.total()).rows === 2);
    await watching.nextRun();
    expect((await readWatches(w.dataset.layout))[0]?.lastError).toBeNull();
  });

  it('waits longer after each failing run, tells it once, and goes on when it can', async () => {
    await using w = await workspace();
    await writeFile(w.path('a.jsonl'), `${entry(1)}\n`);
    const away = `${w.logs}-away`;
    const watching = await w.start('claude-code', { hints: [] });
    await until(async () => (await w.total()).rows === 1);
    await rename(w.logs, away);
    await until(() => watching.told.some((t) => t.failed));
    await sleep(500);
    await rename(away, w.logs);
    await appendFile(w.path('a.jsonl'), `${entry(2)}\n`);
    await until(async () => (await w.total()).rows === 2);
    expect(watching.told.filter((t) => t.failed)).toHaveLength(1);
    await until(async () => (await readWatches(w.dataset.layout))[0]?.lastError === null);
  });

  it('lets the marts rest in proportion, and leaves them alone when nothing came', async () => {
    await using w = await workspace();
    let settled = 0;
    const settle = async () => {
      settled++;
      await sleep(30);
    };
    const watching = await w.start('claude-code', { settle });
    await watching.nextRun();
    expect(settled).toBe(0);
    for (let i = 1; i <= 5; i++) {
      await appendFile(w.path('a.jsonl'), `${entry(i)}\n`);
      await until(async () => (await w.total()).rows === i);
    }
    const soon = settled;
    expect(soon).toBeGreaterThan(0);
    expect(soon).toBeLessThan(5);
    await until(() => settled > soon);
    const after = settled;
    await watching.nextRun();
    expect(settled).toBe(after);
  });

  it('keeps the record of what it has read small', async () => {
    await using w = await workspace();
    const watching = await w.start('claude-code');
    for (let i = 1; i <= 58; i++) {
      await appendFile(w.path('a.jsonl'), `${entry(i)}\n`);
      await watching.nextRun();
    }
    await until(async () => (await w.total()).rows === 58);
    expect((await readdir(w.dataset.layout.loads)).length).toBeLessThan(55);
  }, 120_000);
});

describe('stateai import --watch', () => {
  it('tells each run that brought something, and ends when it is told to, whatever it does', async () => {
    await using w = await workspace();
    const data = join(w.logs, '..', 'data');
    await writeFile(w.path('a.jsonl'), `${entry(1)}\n`);
    const child = spawnCli(['import', 'claude-code', w.logs, '--watch', '--every', '1s', '--data', data]);
    const ran = finished(child);
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    await until(async () => (await w.total()).rows === 1);
    expect(await readWatches(w.dataset.layout)).toMatchObject([{ running: true, door: 'claude-code' }]);
    await appendFile(w.path('a.jsonl'), `${entry(2)}\n${entry(3)}\n`);
    await until(() => /claude-code: 2 rows/.test(said));
    child.kill('SIGINT');
    const { code, stderr } = await ran;
    expect(code, stderr).toBe(0);
    expect(stderr.match(/ rows/g)).toHaveLength(2);
    expect(stderr).toContain('The watch has ended.');
    expect(await readWatches(w.dataset.layout)).toEqual([]);
  });

  it('ended in the middle of anything leaves every line to the next watch, once', async () => {
    await using w = await workspace();
    const data = join(w.logs, '..', 'data');
    let written = 0;
    for (const ms of [250, 400, 600, 900]) {
      const lines = Array.from({ length: 300 }, () => `${entry(++written)}\n`).join('');
      await writeFile(w.path(`f${ms}.jsonl`), lines);
      const child = spawnCli(['import', 'claude-code', w.logs, '--watch', '--data', data]);
      const ran = finished(child);
      await sleep(ms);
      child.kill(ms === 600 ? 'SIGKILL' : 'SIGTERM');
      await ran;
    }
    const watching = await w.start('claude-code');
    await watching.nextRun();
    expect(await w.total()).toEqual({ rows: 1200, tokens: 1200 * 10 + (1200 * 1201) / 2 });
  });

  it.each([
    [['-'], 'Standard input cannot be watched'],
    [['logs', '--replace'], '--replace reads every file again'],
    [['logs', '--every', 'soon'], '--every is no duration'],
  ])('%j is bad use', async (args, message) => {
    await using w = await workspace();
    const data = join(w.logs, '..', 'data');
    const ran = await finished(spawnCli(['import', 'claude-code', ...args, '--watch', '--data', data]));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(message);
  });
});
