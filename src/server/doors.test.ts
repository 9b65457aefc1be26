/** `GET /stats/v1/doors` as the page meets it: counts, reasons without values, watches, what can be drawn. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoorLog } from '../ingest/door-log.ts';
import { startHeartbeat } from '../ingest/watch-state.ts';
import { cli, temporaryDirectory } from '../testing/workspace.ts';
import { layoutOf } from '../warehouse/layout.ts';
import type { DoorStatus, DoorsAnswer } from './doors.ts';
import { buildServer } from './server.ts';

let server: FastifyInstance;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let data: string;
beforeAll(async () => {
  directory = await temporaryDirectory();
  data = join(directory.path, 'data');
  server = await buildServer({ dataDir: data, adminSecret: null });
});
afterAll(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});

async function ask(dataset: string): Promise<(door: string) => DoorStatus> {
  const response = await server.inject({ url: `/stats/v1/doors?dataset=${dataset}` });
  expect(response.statusCode).toBe(200);
  const { doors } = response.json<DoorsAnswer>();
  return (name) => {
    const found = doors.find((d) => d.door === name);
    if (!found) throw new Error(`no door ${name}`);
    return found;
  };
}

describe('doors', () => {
  it('are all listed before any was used, each with what its data can show', async () => {
    const door = await ask('nothing-yet');
    expect(door('gateway')).toMatchObject({ state: 'unused', kind: 'live', accepted: null, lagMs: null });
    expect(door('openrouter-activity')).toMatchObject({ state: 'unused', kind: 'table', reasons: [] });
    expect(door('openrouter-activity').missing).toContainEqual({ field: 'country', exhibits: ['F24'] });
    expect(door('csv')).toMatchObject({ has: null, drawn: [] });
  });

  it('count what an import brought and refused, without a word of what was refused', async () => {
    const file = join(directory.path, 'rankings.csv');
    const secret = 'zz-not-a-number';
    await writeFile(
      file,
      `date,model_permaslug,total_tokens\n2026-03-02,openai/gpt-5,500\n2026-03-03,openai/gpt-5,${secret}\n2026-03-01,,7\n`,
    );
    const args = ['import', 'openrouter-rankings', file, '--dataset', 'ranks', '--data', data];
    const ran = await cli(args);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('needs country: F24');
    expect((await cli(args)).code).toBe(0);
    const door = (await ask('ranks'))('openrouter-rankings');
    expect(door).toMatchObject({
      state: 'active',
      accepted: 1,
      duplicates: 0,
      rejected: 2,
      lastRecordAt: '2026-03-02T00:00:00.000Z',
    });
    expect(door.rejectsFile).toMatch(/^[\w-]+\.ndjson$/);
    expect(door.reasons.map((r) => r.count)).toEqual([1, 1]);
    expect(JSON.stringify(door)).not.toContain(secret);
  });

  it('tell of watches that run, fail and have stopped', async () => {
    const layout = layoutOf(data, 'watched');
    const beat = startHeartbeat(layout, { door: 'codex', paths: ['/logs'], everyMs: 10_000 });
    await beat.tell({ runs: 1, lastRunAt: Date.now() });
    expect((await ask('watched'))('codex')).toMatchObject({
      state: 'watching',
      watches: [{ running: true, paths: ['/logs'], everySeconds: 10, runs: 1 }],
    });
    await beat.tell({ lastError: { at: Date.now(), message: 'the disk is full' } });
    expect((await ask('watched'))('codex')).toMatchObject({
      state: 'trouble',
      watches: [{ lastError: { message: 'the disk is full' } }],
    });
    await beat.end();
    expect((await ask('watched'))('codex')).toMatchObject({ state: 'unused', watches: [] });
    await mkdir(layout.watches, { recursive: true });
    const before = Date.now() - 3_600_000;
    const dead = { door: 'codex', paths: ['/logs'], everyMs: 1, startedAt: before, beatAt: before, runs: 1 };
    await writeFile(
      join(layout.watches, '1-dead.json'),
      JSON.stringify({ ...dead, lastRunAt: before, lastBrought: null, lastError: null }),
    );
    expect((await ask('watched'))('codex')).toMatchObject({
      state: 'stopped',
      watches: [{ running: false }],
    });
    // Begun again, the one that was killed is no news, neither beside the new one nor after it.
    const again = startHeartbeat(layout, { door: 'codex', paths: ['/logs'], everyMs: 1 });
    await again.tell({ runs: 1 });
    const { state, watches } = (await ask('watched'))('codex');
    expect([state, watches.length]).toEqual(['watching', 1]);
    await again.end();
    expect((await ask('watched'))('codex')).toMatchObject({ state: 'unused', watches: [] });
  });

  it('that nobody knows any more are told of by what they counted', async () => {
    const log = openDoorLog(layoutOf(data, 'old'));
    log.note('retired-format', { accepted: 3, ignored: 1, newest: Date.UTC(2026, 0, 1) });
    await log.flush();
    expect((await ask('old'))('retired-format')).toMatchObject({ kind: 'other', accepted: 3, ignored: 1 });
  });

  it('are described in the OpenAPI', async () => {
    const { paths } = (await server.inject({ url: '/stats/openapi.json' })).json<{ paths: object }>();
    expect(paths).toHaveProperty('/stats/v1/doors');
  });
});
