/** A watch over a source: each run continues where the one before it stopped; one that fails is tried again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type WatchRun, watch } from '../watch.ts';
import { pullRuns } from '../watch-runs.ts';
import { startHeartbeat } from '../watch-state.ts';
import { generation, langfuseServer } from './langfuse.fixture.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const ENV = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-very-secret' };

it('takes each row once, also when the source fails in between, and ends when it is told to', async () => {
  let isDown = false;
  await using api = await langfuseServer({
    newer: true,
    key: `${ENV.LANGFUSE_PUBLIC_KEY}:${ENV.LANGFUSE_SECRET_KEY}`,
    answer: () => (isDown ? { status: 401, text: '{}' } : null),
  });
  await using w = await pullWorkspace(ENV);
  const at = (minutes: number) => new Date(w.clock.now - minutes * 60_000).toISOString();
  const stopping = new AbortController();
  const told: WatchRun[] = [];
  let settled = 0;
  const run = pullRuns(w.warehouse, w.dataset, {
    format: 'langfuse',
    url: api.url,
    since: '24h',
    signal: stopping.signal,
    runtime: { env: ENV, now: () => w.clock.now, sleep: async () => undefined },
  });
  api.observations.push(generation('a', at(50)), generation('b', at(40)));
  const heartbeat = startHeartbeat(w.dataset.layout, { door: 'langfuse', paths: [], everyMs: 30 });
  const ended = watch({
    everyMs: 30,
    signal: stopping.signal,
    heartbeat,
    run,
    settle: async () => void settled++,
    tell: (result) => told.push(result),
  });
  const until = async (met: () => Promise<boolean> | boolean) => {
    for (let i = 0; !(await met()); i++) {
      if (i > 500) throw new Error('waited in vain');
      await sleep(20);
    }
  };
  const ids = async () => (await w.rows<{ id: string }>('id')).length;
  await until(async () => (await ids()) === 2);
  isDown = true;
  await until(() => told.some((t) => t.failed));
  isDown = false;
  api.observations.push(generation('c', at(1)));
  w.clock.now += 60_000;
  await until(async () => (await ids()) === 3);
  stopping.abort();
  await ended;
  await heartbeat.end();
  expect(told.reduce((sum, t) => sum + t.rows, 0)).toBe(3);
  expect(told.filter((t) => t.failed)).toHaveLength(1);
  expect(settled).toBeGreaterThan(0);
});

it('reads from --since once, and from the place of the run before afterwards', async () => {
  await using api = await langfuseServer({
    newer: true,
    key: `${ENV.LANGFUSE_PUBLIC_KEY}:${ENV.LANGFUSE_SECRET_KEY}`,
  });
  await using w = await pullWorkspace(ENV);
  const run = pullRuns(w.warehouse, w.dataset, {
    format: 'langfuse',
    url: api.url,
    since: '7d',
    runtime: { env: ENV, now: () => w.clock.now, sleep: async () => undefined },
  });
  const daysAgo = (days: number) => new Date(w.clock.now - days * 86_400_000).toISOString();
  api.observations.push(generation('a', daysAgo(6)));
  expect(await run()).toMatchObject({ rows: 1 });
  api.observations.push(generation('late', daysAgo(5)), generation('new', daysAgo(0.01)));
  expect(await run()).toMatchObject({ rows: 1 });
});
