/** A run as a whole: what lies on disk meanwhile, what is kept when it breaks off, and where the next one begins. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cli, finished, spawnCli } from '../../testing/workspace.ts';
import { CANARY, generation, langfuseServer } from './langfuse.fixture.ts';
import { extendState } from './state.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const ENV = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-very-secret' };
const KEY = `${ENV.LANGFUSE_PUBLIC_KEY}:${ENV.LANGFUSE_SECRET_KEY}`;

/** Days of June 2026 with `each` generations. */
function fill(api: { observations: object[] }, days: number, each: number) {
  for (let day = 1; day <= days; day++)
    for (let n = 0; n < each; n++) {
      const time = new Date(Date.UTC(2026, 5, day, 0, 0, n)).toISOString();
      api.observations.push(generation(`g${day}-${n}`, time, { userId: 'ada' }));
    }
}

describe('a run', () => {
  it('stages only what is mapped, for its owner alone, and leaves nothing behind', async () => {
    await using api = await langfuseServer({ newer: false, key: KEY });
    fill(api, 3, 150);
    await using w = await pullWorkspace(ENV);
    let looked = 0;
    const summary = await w.pull({
      format: 'langfuse',
      url: api.url,
      since: '2026-06-01',
      onProgress() {
        const staging = w.dataset.layout.staging;
        for (const name of readdirSync(staging, { recursive: true }) as string[]) {
          if (!name.endsWith('.ndjson')) continue;
          looked++;
          const path = join(staging, name);
          expect(statSync(path).mode & 0o777).toBe(0o600);
          expect(readFileSync(path, 'utf8')).not.toContain(CANARY);
        }
      },
    });
    expect(looked).toBeGreaterThan(3);
    expect(summary).toMatchObject({ rows: 450, complete: true });
    expect(await w.staged()).toEqual([]);
    expect(await w.onDisk(CANARY)).toBe(false);
  });

  it('is imported in parts, and settled once', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    fill(api, 10, 40);
    await using w = await pullWorkspace(ENV);
    const summary = await w.pull({
      format: 'langfuse',
      url: api.url,
      since: '2026-06-01',
      rowsAPart: 100,
      settle: true,
    });
    expect(summary).toMatchObject({ rows: 400, complete: true });
    expect(summary.files).toBeGreaterThan(2);
    expect((await w.dataset.manifest()).marts.length).toBeGreaterThan(0);
  });

  it('ended by its signal: what was fetched is kept, and nothing is called a failure', async () => {
    const stopping = new AbortController();
    await using api = await langfuseServer({
      newer: true,
      key: KEY,
      answer(_, number) {
        if (number < 4) return null;
        stopping.abort();
        return { silent: true };
      },
    });
    fill(api, 14, 10);
    await using w = await pullWorkspace(ENV);
    const request = { format: 'langfuse', url: api.url };
    const first = await w.pull({ ...request, since: '2026-06-01', signal: stopping.signal });
    expect(first).toMatchObject({ complete: false, failures: [] });
    expect(first.rows).toBeGreaterThan(0);
    expect(await w.staged()).toEqual([]);
    expect((await w.states())[0]).toMatchObject({ reached: first.reached });
  });

  it('killed at any moment: nothing is lost or counted twice when it runs again', async () => {
    let asked = 0;
    let stuck: () => void = () => undefined;
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    let patient = true;
    await using api = await langfuseServer({
      newer: true,
      key: KEY,
      answer() {
        if (++asked < 4 || !patient) return null;
        stuck();
        return { silent: true };
      },
    });
    fill(api, 12, 60);
    await using w = await pullWorkspace(ENV);
    const script = fileURLToPath(new URL('./run-pull.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, [script, w.warehouse.dataDir, 'langfuse', api.url], {
      env: { ...process.env, ...ENV },
      stdio: 'inherit',
    });
    await isStuck;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [{ n: before } = { n: 0 }] = await w.rows<{ n: number }>('count(*)::INT AS n');
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(720);
    expect(await w.onDisk(CANARY)).toBe(false);
    patient = false;
    const rest = await w.pull({ format: 'langfuse', url: api.url, settle: true });
    expect(rest).toMatchObject({ complete: true, failures: [] });
    expect(rest.from).toBeGreaterThan(Date.parse('2026-06-01T12:00:00Z'));
    expect(await w.rows('count(*)::INT AS n, count(DISTINCT id)::INT AS ids')).toEqual([
      { n: 720, ids: 720 },
    ]);
    expect(await w.staged()).toEqual([]);
  });

  it('two at once, and a damaged note of the place: everything counts once', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    fill(api, 6, 50);
    await using w = await pullWorkspace(ENV);
    const request = { format: 'langfuse', url: api.url };
    const run = () =>
      cli(
        [
          'import',
          'langfuse',
          api.url,
          '--data',
          w.warehouse.dataDir,
          '--dataset',
          'd',
          '--since',
          '2026-06-01',
        ],
        '',
        ENV,
      );
    const both = await Promise.all([run(), run()]);
    expect(both.map((r) => r.code)).toEqual([0, 0]);
    const [note] = readdirSync(w.dataset.layout.sources);
    writeFileSync(join(w.dataset.layout.sources, note as string), '{"reached": "soon"');
    expect(await w.pull(request)).toMatchObject({ complete: true, fetched: 300, rows: 0 });
    expect(await w.rows('count(*)::INT AS n, count(DISTINCT id)::INT AS ids')).toEqual([
      { n: 300, ids: 300 },
    ]);
  });

  it('rows that cannot be used are named with the source, and strict ends the run', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    fill(api, 1, 3);
    api.observations.push(
      generation('bad', '2026-06-01T10:00:00Z', { usageDetails: { input: -5, output: 'many' } }),
    );
    await using w = await pullWorkspace(ENV);
    const request = { format: 'langfuse', url: api.url, since: '2026-06-01' };
    const strict = await w.pull({ ...request, strict: true });
    expect(strict).toMatchObject({ complete: false, rows: 0 });
    expect(strict.failures[0]?.message).toContain(api.url);
    expect(await w.states()).toEqual([]);
    const summary = await w.pull(request);
    expect(summary).toMatchObject({ rows: 3, rejected: 1, complete: true });
    expect(summary.firstRejects[0]).toMatchObject({ file: api.url, row: 'id bad' });
    expect(readFileSync(summary.rejectsFile ?? '', 'utf8')).not.toMatch(/staging|fetched-/);
  });

  it('does not touch a simulated world', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    await using w = await pullWorkspace(ENV);
    w.dataset.takesRecords = () =>
      Promise.reject(Object.assign(new Error('a world'), { code: 'dataset_in_use', next: '' }));
    await expect(w.pull({ format: 'langfuse', url: api.url })).rejects.toMatchObject({
      code: 'dataset_in_use',
    });
    expect(api.asked).toEqual([]);
  });

  it.each([
    ['claude-code', 'https://example.org', 'unknown_source'],
    ['langfuse', 'postgres://host/db', 'bad_source'],
    ['langfuse', 'https://pk:sk-lf-very-secret@cloud.langfuse.com', 'bad_source'],
    ['langfuse', 'https://cloud.langfuse.com?key=sk-lf-very-secret', 'bad_source'],
    ['litellm', 'https://litellm.example.org', 'bad_source'],
    ['litellm', 'postgres://u:sk-lf-very-secret@[broken', 'bad_source'],
    ['litellm', 'postgres://u:sk-lf-very-secret-100%@host/db', 'bad_source'],
  ])('%s %s is bad use', async (format, url, code) => {
    await using w = await pullWorkspace(ENV);
    const error = await w.pull({ format, url }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code });
    expect(String((error as Error).message)).not.toContain('very-secret');
  });
});

describe('what is covered', () => {
  it.each([
    ['nothing before', null, [10, 20], [10, 20]],
    ['it continues', [0, 10], [8, 20], [0, 20]],
    ['from the beginning', [5, 10], [null, 20], [null, 20]],
    ['further back, broken off before it touches', [50, 100], [10, 20], [50, 100]],
    ['further back, up to it', [50, 100], [10, 60], [10, 100]],
    ['within', [0, 100], [20, 30], [0, 100]],
    ['with a gap after', [0, 10], [15, 20], [0, 10]],
    ['with a gap after everything so far', [null, 10], [15, 20], [null, 10]],
  ] as const)('%s', (_, known, run, covered) => {
    const state = (pair: readonly [number | null, number]) => ({ from: pair[0], reached: pair[1] });
    expect(extendState(known && state(known), state(run))).toEqual(state(covered));
  });

  it('ends now at the latest, whatever a clock that was wrong has noted', () => {
    const noted = { from: null, reached: 1000 };
    expect(extendState(noted, { from: 40, reached: 50 }, 50)).toEqual({ from: null, reached: 50 });
  });
});

describe('stateai import <format> <url>', () => {
  it('fetches, says what came in, and continues', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    fill(api, 2, 5);
    await using w = await pullWorkspace();
    const run = (...more: string[]) =>
      cli(['import', 'langfuse', api.url, '--data', w.warehouse.dataDir, '--dataset', 'd', ...more], '', ENV);
    const first = await run('--since', '2026-06-01');
    expect(first.stderr).toContain(`${api.url}: 10 rows fetched, from 2026-06-01 00:00 UTC, complete up to`);
    expect(first.stderr).toContain('10 rows into d');
    expect(first.code).toBe(0);
    const second = await run();
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('0 rows into d');
    expect(first.stderr + second.stderr).not.toContain('very-secret');
  });

  it('Ctrl-C keeps what was fetched and exits with 130', async () => {
    let stuck: () => void = () => undefined;
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    await using api = await langfuseServer({
      newer: true,
      key: KEY,
      answer(_, number) {
        if (number < 3) return null;
        stuck();
        return { silent: true };
      },
    });
    fill(api, 5, 5);
    await using w = await pullWorkspace();
    const child = spawnCli(
      [
        'import',
        'langfuse',
        api.url,
        '--data',
        w.warehouse.dataDir,
        '--dataset',
        'd',
        '--since',
        '2026-06-01',
      ],
      ENV,
    );
    const done = finished(child);
    await isStuck;
    child.kill('SIGINT');
    const ran = await done;
    expect(ran.stderr).toContain('not read to its end');
    expect(ran.code).toBe(130);
    expect((await w.rows('count(*)::INT AS n'))[0]?.n).toBeGreaterThan(0);
    expect(await w.staged()).toEqual([]);
  });

  it('bad use exits with 2 and says what to do', async () => {
    await using w = await pullWorkspace();
    const data = ['--data', w.warehouse.dataDir];
    for (const [args, says] of [
      [['langfuse', 'https://cloud.langfuse.com'], 'LANGFUSE_PUBLIC_KEY is not set'],
      [['langfuse', 'https://cloud.langfuse.com', 'more.csv'], 'A source is fetched alone'],
      [['codex', 'https://example.org'], '"codex" cannot be fetched from a URL'],
      [['openrouter-activity', 'activity.csv', '--since', '7d'], '--since is for sources'],
    ] as const) {
      const env = { LANGFUSE_PUBLIC_KEY: '', LANGFUSE_SECRET_KEY: '' };
      const ran = await cli(['import', ...args, ...data], '', env);
      expect(ran.stderr).toContain(says);
      expect(ran.code).toBe(2);
    }
  });
});
