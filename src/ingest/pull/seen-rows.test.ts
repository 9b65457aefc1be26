/** Rows that a run reads again: what has not changed is neither imported nor told of again, what has changed is. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readDoorCounts } from '../door-log.ts';
import { apiServer } from './api-server.fixture.ts';
import { generation, langfuseServer } from './langfuse.fixture.ts';
import { openSeenRows } from './seen-rows.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const ENV = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-very-secret' };
const KEY = `${ENV.LANGFUSE_PUBLIC_KEY}:${ENV.LANGFUSE_SECRET_KEY}`;

describe('a source that is read with an overlap', () => {
  it('tells of a row once, and takes it up when it is complete', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    await using w = await pullWorkspace(ENV);
    const at = (minutes: number) => new Date(w.clock.now - minutes * 60_000).toISOString();
    const unfinished = generation('slow', at(30), { usageDetails: {} });
    api.observations.push(generation('a', at(40)), unfinished, generation('b', at(20)));
    const run = () => w.pull({ format: 'langfuse', url: api.url });
    expect(await run()).toMatchObject({ fetched: 3, rows: 2, rejected: 1 });
    for (let minute = 0; minute < 3; minute++) {
      w.clock.now += 60_000;
      api.observations.push(generation(`new-${minute}`, at(0.5)));
      expect(await run()).toMatchObject({ fetched: 4 + minute, rows: 1, rejected: 0, duplicates: 0 });
    }
    Object.assign(unfinished, generation('slow', at(33)));
    expect(await run()).toMatchObject({ fetched: 6, rows: 1, rejected: 0 });
    expect(await run()).toMatchObject({ fetched: 6, files: 0 });
    expect(await readDoorCounts(w.dataset.layout)).toMatchObject([
      { accepted: 6, duplicates: 0, rejected: 1 },
    ]);
    // What is soon gone is noted in no list of files.
    expect(await readdir(w.dataset.layout.loads).catch(() => [])).toEqual([]);
  });

  it('names the right row, whatever signs its rows hold', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    await using w = await pullWorkspace(ENV);
    const at = (minutes: number) => new Date(w.clock.now - minutes * 60_000).toISOString();
    api.observations.push(
      generation('a', at(40), { userId: 'line\u2028and\u2029paragraph\r\u0085' }),
      generation('bad', at(50), { usageDetails: {}, userId: 'ada\u2028' }),
    );
    const summary = await w.pull({ format: 'langfuse', url: api.url });
    expect(summary).toMatchObject({ rows: 1, failures: [], firstRejects: [{ row: 'id bad' }] });
  });

  it('is read whole by who asks for a time again', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    await using w = await pullWorkspace(ENV);
    api.observations.push(generation('a', new Date(w.clock.now - 60_000).toISOString()));
    const request = { format: 'langfuse', url: api.url };
    await w.pull(request);
    expect(await w.pull({ ...request, since: '1h' })).toMatchObject({ rows: 0, duplicates: 1 });
    expect(await w.pull({ ...request, since: '1h', replace: true })).toMatchObject({ replaced: 1 });
  });

  it('keeps sums of one group apart, of which one grows', async () => {
    const sums = [900, 50].map((output_tokens) => ({
      uncached_input_tokens: 10,
      output_tokens,
      model: 'claude',
      api_key_id: 'k',
      workspace_id: 'w',
    }));
    const bad = { ...sums[0], model: 'other', output_tokens: -1 };
    await using api = await apiServer(() => ({
      json: { data: [{ starting_at: '2026-06-14T00:00:00Z', results: [...sums, bad] }], has_more: false },
    }));
    await using w = await pullWorkspace({ ANTHROPIC_ADMIN_KEY: 'k' });
    const run = () => w.pull({ format: 'anthropic-usage', url: api.url });
    const outputs = async () => (await w.rows<{ n: number }>('completion_tokens AS n')).map(({ n }) => n);
    expect(await run()).toMatchObject({
      rows: 2,
      firstRejects: [{ file: api.url, row: 'starting_at 2026-06-14T00:00:00Z' }],
    });
    expect(await run()).toMatchObject({ files: 0, rejected: 0 });
    Object.assign(sums[1] ?? {}, { output_tokens: 70 });
    expect(await run()).toMatchObject({ replaced: 1, rejected: 0 });
    expect(await outputs()).toEqual([70, 900]);
    expect(await readDoorCounts(w.dataset.layout)).toMatchObject([{ duplicates: 0, rejected: 1 }]);
  });
});

describe('seen rows', () => {
  it('are the newest ones, of one way of reading', () => {
    const seen = openSeenRows(undefined, 's', 'm@1');
    for (let n = 0; n < 120_000; n++) seen.add(`${n}`);
    seen.add('1');
    const again = openSeenRows(seen.stored(), 's', 'm@1');
    expect(['1', '119999', '70001'].map((line) => again.isKnown(line))).toEqual([true, true, true]);
    expect(['0', '60000', 'other'].map((line) => again.isKnown(line))).toEqual([false, false, false]);
    expect(openSeenRows(seen.stored(), 's', 'm@2').isKnown('119999')).toBe(false);
    expect(openSeenRows({ damaged: true }, 's', 'm@1').isKnown('1')).toBe(false);
  });
});
