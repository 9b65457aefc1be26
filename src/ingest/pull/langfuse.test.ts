/** Langfuse's public API, in its newer and its older form. */
import { describe, expect, it } from 'vitest';
import { MOST_BYTES } from './http.ts';
import { CANARY, generation, langfuseServer } from './langfuse.fixture.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const ENV = { LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-very-secret' };
const KEY = `${ENV.LANGFUSE_PUBLIC_KEY}:${ENV.LANGFUSE_SECRET_KEY}`;
const at = (seconds: number, day = '2026-06-14') =>
  new Date(Date.parse(`${day}T00:00:00Z`) + seconds * 1000).toISOString();

describe('Langfuse', () => {
  it('newer: reads pages by cursor and does not even ask for inputs and outputs', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    for (let n = 0; n < 2500; n++)
      api.observations.push(generation(`g${n}`, at(n), { userId: 'ada', sessionId: 's1' }));
    api.observations.push(generation('span', at(5), { type: 'SPAN' }));
    await using w = await pullWorkspace(ENV);
    const summary = await w.pull({ format: 'langfuse', url: api.url, since: '3d' });
    expect(summary).toMatchObject({ fetched: 2500, rows: 2500, rejected: 0, failures: [], complete: true });
    expect(api.asked.every((a) => !/io|metadata/.test(a.query.get('fields') ?? ''))).toBe(true);
    expect((await w.rows())[0]).toMatchObject({
      id: 'g0',
      created_at: '2026-06-14 00:00:00',
      model: 'gpt-4.1',
      account: w.warehouse.hashAccount('ada'),
      session: w.warehouse.hashSession('s1'),
      prompt_tokens: 100,
      cached_tokens: 40,
      completion_tokens: 20,
      cost: 0.03,
      latency_ms: 500,
      duration_ms: 3000,
    });
    expect(await w.onDisk(CANARY)).toBe(false);
    expect(await w.onDisk(ENV.LANGFUSE_SECRET_KEY)).toBe(false);
  });

  it('older: reads pages by number, and user and session from the traces', async () => {
    await using api = await langfuseServer({ newer: false, key: KEY });
    for (let n = 0; n < 250; n++) {
      api.observations.push(generation(`g${n}`, at(n)));
      api.traces.push({
        id: `trace-g${n}`,
        timestamp: at(n - 60),
        userId: n % 2 ? 'ada' : null,
        sessionId: 's1',
      });
    }
    await using w = await pullWorkspace(ENV);
    const summary = await w.pull({ format: 'langfuse', url: `${api.url}/`, since: '2026-06-13' });
    expect(summary).toMatchObject({ rows: 250, rejected: 0, failures: [], complete: true });
    const ada = w.warehouse.hashAccount('ada');
    expect(
      await w.rows(
        `count(*) FILTER (account = '${ada}')::INT AS ada, count(*) FILTER (account IS NULL)::INT AS nobody,
         count(*) FILTER (session = '${w.warehouse.hashSession('s1')}')::INT AS session`,
      ),
    ).toEqual([{ ada: 125, nobody: 125, session: 250 }]);
    expect(api.asked.filter((a) => a.path.includes('/v2/'))).toHaveLength(1);
    expect(api.asked.find((a) => a.path.endsWith('/traces'))?.query.get('fields')).toBe('core');
    expect(await w.onDisk(CANARY)).toBe(false);
  });

  it('older: generations that arrive while pages are read are read twice, never missed', async () => {
    await using api = await langfuseServer({
      newer: false,
      key: KEY,
      answer(asked) {
        // Before each page two more arrive, in front of those that are read.
        if (asked.path !== '/api/public/observations') return null;
        const n = api.observations.length;
        api.observations.push(
          generation(`late${n}`, at(80_000 + n)),
          generation(`late${n + 1}`, at(80_001 + n)),
        );
        return null;
      },
    });
    for (let n = 0; n < 450; n++) api.observations.push(generation(`g${n}`, at(n)));
    await using w = await pullWorkspace(ENV);
    await w.pull({ format: 'langfuse', url: api.url, since: '2026-06-14' });
    const [counts] = await w.rows<{ n: number; old: number; ids: number }>(
      `count(*)::INT AS n, count(*) FILTER (id LIKE 'g%')::INT AS old, count(DISTINCT id)::INT AS ids`,
    );
    expect(counts?.old).toBe(450);
    expect(counts?.ids).toBe(counts?.n);
  });

  it('older: a page that is too large is asked for in halves', async () => {
    await using api = await langfuseServer({
      newer: false,
      key: KEY,
      answer: (asked) =>
        asked.path === '/api/public/observations' && Number(asked.query.get('limit')) > 25
          ? { text: ' '.repeat(MOST_BYTES + 1) }
          : null,
    });
    for (let n = 0; n < 130; n++) api.observations.push(generation(`g${n}`, at(n)));
    await using w = await pullWorkspace(ENV);
    expect(await w.pull({ format: 'langfuse', url: api.url, since: '2026-06-14' })).toMatchObject({
      rows: 130,
      failures: [],
      complete: true,
    });
  });

  it('a failure in the middle keeps what was fetched; the next run goes on from the last whole window', async () => {
    let broken = true;
    await using api = await langfuseServer({
      newer: true,
      key: KEY,
      answer: (asked) =>
        broken && (asked.query.get('fromStartTime') ?? '') >= '2026-06-13'
          ? { text: 'no', status: 500 }
          : null,
    });
    for (let day = 10; day < 15; day++)
      for (let n = 0; n < 3; n++)
        api.observations.push(generation(`g${day}-${n}`, at(n * 1000, `2026-06-${day}`)));
    await using w = await pullWorkspace(ENV);
    const first = await w.pull({ format: 'langfuse', url: api.url, since: '2026-06-10' });
    expect(first).toMatchObject({ complete: false, rows: 9 });
    expect(first.failures[0]).toMatchObject({ code: 'source_failed' });
    expect(first.reached).toBe(Date.parse('2026-06-13'));
    broken = false;
    const asked = api.asked.length;
    expect(await w.pull({ format: 'langfuse', url: api.url })).toMatchObject({ complete: true, rows: 6 });
    expect(api.asked[asked]?.query.get('fromStartTime')).toBe('2026-06-12T22:00:00.000Z');
    expect(await w.rows('count(*)::INT AS n')).toEqual([{ n: 15 }]);
  });

  it('a generation that is completed later takes the place of its beginning', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    const begun = { endTime: null, usageDetails: { input: 100, output: 0 }, calculatedTotalCost: null };
    api.observations.push(generation('g', at(41_000, '2026-06-15'), begun));
    await using w = await pullWorkspace(ENV);
    await w.pull({ format: 'langfuse', url: api.url, since: '1d' });
    api.observations[0] = generation('g', at(41_000, '2026-06-15'));
    w.clock.now += 60_000;
    expect(await w.pull({ format: 'langfuse', url: api.url })).toMatchObject({ rows: 1, replaced: 1 });
    expect(await w.rows('completion_tokens, cost, duration_ms')).toEqual([
      { completion_tokens: 20, cost: 0.03, duration_ms: 3000 },
    ]);
  });

  it('a wrong key is refused with the names of the variables, and keys tell projects apart', async () => {
    await using api = await langfuseServer({ newer: true, key: KEY });
    await using w = await pullWorkspace({ ...ENV, LANGFUSE_SECRET_KEY: 'sk-lf-wrong' });
    const { failures, complete } = await w.pull({ format: 'langfuse', url: api.url });
    expect(complete).toBe(false);
    expect(failures[0]).toMatchObject({ code: 'key_refused' });
    expect(failures[0]?.next).toContain('LANGFUSE_SECRET_KEY');
    expect(JSON.stringify(failures)).not.toContain('sk-lf-wrong');
    await using other = await pullWorkspace({ LANGFUSE_PUBLIC_KEY: 'pk' });
    await expect(other.pull({ format: 'langfuse', url: api.url })).rejects.toMatchObject({
      code: 'no_key',
      message: 'LANGFUSE_SECRET_KEY is not set',
    });
  });
});
