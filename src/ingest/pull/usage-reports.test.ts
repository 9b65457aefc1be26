/** The usage reports of OpenAI and Anthropic: daily sums in pages of buckets. */
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, apiServer } from './api-server.fixture.ts';
import { DAY } from './source.ts';
import { NOW, pullWorkspace } from './workspace.fixture.ts';

const OPENAI = { OPENAI_ADMIN_KEY: 'sk-admin-very-secret' };
const ANTHROPIC = { ANTHROPIC_ADMIN_KEY: 'sk-ant-admin01-very-secret' };
const seconds = (ms: number) => ms / 1000;
const isoDay = (ms: number) => `${new Date(ms).toISOString().slice(0, 10)}T00:00:00Z`;

/** Buckets from the start that was asked for to now, `limit` a page; the last is cut off at now as the first is at the start. */
function openai(asked: Asked, sums: (day: number) => object[]): Answer {
  if (asked.headers.authorization !== `Bearer ${OPENAI.OPENAI_ADMIN_KEY}`) return { json: {}, status: 401 };
  const limit = Number(asked.query.get('limit'));
  if (limit > 31) return { json: {}, status: 400 };
  const start = Number(asked.query.get('page') ?? asked.query.get('start_time')) * 1000;
  const data = [];
  let day = start;
  for (; day < NOW && data.length < limit; day = (Math.floor(day / DAY) + 1) * DAY)
    data.push({
      object: 'bucket',
      start_time: seconds(day),
      end_time: Math.floor(seconds(Math.min((Math.floor(day / DAY) + 1) * DAY, NOW))),
      results: sums(Math.floor(day / DAY) * DAY),
    });
  const more = day < NOW;
  return { json: { object: 'page', data, has_more: more, next_page: more ? String(seconds(day)) : null } };
}

const openaiSum = (change: object = {}) => ({
  object: 'organization.usage.completions.result',
  input_tokens: 1000,
  input_cached_tokens: 800,
  output_tokens: 500,
  num_model_requests: 5,
  input_audio_tokens: 0,
  output_audio_tokens: 0,
  project_id: 'proj_1',
  user_id: 'user-1',
  api_key_id: 'key_1',
  model: 'gpt-4.1-2025-04-14',
  batch: false,
  service_tier: 'default',
  ...change,
});

describe('OpenAI’s usage', () => {
  it('becomes a record a day and group, over all pages', async () => {
    await using api = await apiServer((asked) =>
      openai(asked, () => [openaiSum(), openaiSum({ user_id: 'user-2', input_tokens: 7 })]),
    );
    await using w = await pullWorkspace(OPENAI);
    const summary = await w.pull({ format: 'openai-usage', url: api.url, since: '2026-03-01T10:00' });
    const days = (Date.parse('2026-06-15') - Date.parse('2026-03-01')) / DAY + 1;
    expect(summary).toMatchObject({ rows: 2 * days, rejected: 0, failures: [], complete: true });
    expect(api.asked).toHaveLength(Math.ceil(days / 31));
    expect(api.asked[0]?.query.getAll('group_by')).toContain('service_tier');
    expect(api.asked[0]?.query.get('start_time')).toBe(String(seconds(Date.parse('2026-03-01'))));
    expect((await w.rows('*'))[0]).toMatchObject({
      source: 'openai-usage',
      provider: 'openai',
      requests: 5,
      completion_tokens: 500,
      cost: null,
    });
    expect(await w.rows('sum(total_tokens)::INT AS tokens, min(created_at) AS first')).toEqual([
      { tokens: days * (1500 + 507), first: '2026-03-01 00:00:00' },
    ]);
    expect(await w.onDisk('sk-admin-very-secret')).toBe(false);
  });

  it('today grows, and is never counted beside itself', async () => {
    let requests = 5;
    await using api = await apiServer((asked) =>
      openai(asked, (day) => [
        openaiSum(
          day === Date.parse('2026-06-15')
            ? { num_model_requests: requests, output_tokens: 100 * requests }
            : {},
        ),
      ]),
    );
    await using w = await pullWorkspace(OPENAI);
    await w.pull({ format: 'openai-usage', url: `${api.url}/v1`, since: '7d' });
    requests = 8;
    expect(await w.pull({ format: 'openai-usage', url: `${api.url}/v1` })).toMatchObject({
      from: Date.parse('2026-06-13'),
      fetched: 3,
      rows: 1,
      replaced: 1,
    });
    expect(await w.rows('count(*)::INT AS n, sum(requests)::INT AS requests')).toEqual([
      { n: 8, requests: 7 * 5 + 8 },
    ]);
  });

  it('a failure in the middle keeps whole days and continues', async () => {
    let fails = true;
    await using api = await apiServer((asked) =>
      fails && asked.query.get('page') ? { json: {}, status: 500 } : openai(asked, () => [openaiSum()]),
    );
    await using w = await pullWorkspace(OPENAI);
    const first = await w.pull({ format: 'openai-usage', url: api.url, since: '2026-03-01' });
    expect(first).toMatchObject({ complete: false, rows: 31, reached: Date.parse('2026-04-01') });
    fails = false;
    expect(await w.pull({ format: 'openai-usage', url: api.url })).toMatchObject({ complete: true });
    expect(await w.rows('count(*)::INT AS n')).toEqual([{ n: 107 }]);
  });

  it('pages that lead in a circle, and answers of another shape, are refused', async () => {
    for (const [json, says] of [
      [{ data: [], has_more: true, next_page: 'a' }, 'says that there is more and not where'],
      [{ data: [], has_more: true, next_page: null }, 'says that there is more and not where'],
      [{ error: 'text of theirs' }, 'has no list "data"'],
      [{ data: [{ start_time: 1780000000 }] }, 'has no list "results"'],
      [{ data: [{ results: [] }] }, 'has a bucket without a time'],
      [[], 'has no list "data"'],
    ] as const) {
      await using api = await apiServer(() => ({ json }));
      await using w = await pullWorkspace(OPENAI);
      const { failures } = await w.pull({ format: 'openai-usage', url: api.url });
      expect(failures[0]).toMatchObject({ code: 'bad_answer', message: expect.stringContaining(says) });
      expect(api.asked.length).toBeLessThan(4);
    }
  });
});

describe('Anthropic’s usage', () => {
  const sum = (change: object = {}) => ({
    uncached_input_tokens: 1500,
    cache_creation: { ephemeral_1h_input_tokens: 100, ephemeral_5m_input_tokens: 50 },
    cache_read_input_tokens: 200,
    output_tokens: 500,
    server_tool_use: { web_search_requests: 10 },
    api_key_id: 'apikey_1',
    workspace_id: 'wrkspc_1',
    model: 'claude-sonnet-4-20250514',
    service_tier: 'standard',
    context_window: null,
    inference_geo: null,
    ...change,
  });
  const answer = (asked: Asked, sums: (day: number) => object[]): Answer => {
    if (asked.headers['x-api-key'] !== ANTHROPIC.ANTHROPIC_ADMIN_KEY) return { json: {}, status: 401 };
    if (!asked.headers['anthropic-version']) return { json: {}, status: 400 };
    const start = Date.parse(asked.query.get('page') ?? asked.query.get('starting_at') ?? '');
    const data = [];
    let day = start;
    for (; day < NOW && data.length < Number(asked.query.get('limit')); day += DAY)
      data.push({ starting_at: isoDay(day), ending_at: isoDay(day + DAY), results: sums(day) });
    return { json: { data, has_more: day < NOW, next_page: day < NOW ? isoDay(day) : null } };
  };

  it('becomes a record a day and group, over all pages', async () => {
    await using api = await apiServer((asked) =>
      answer(asked, (day) => (day % (2 * DAY) ? [] : [sum(), sum({ workspace_id: null })])),
    );
    await using w = await pullWorkspace(ANTHROPIC);
    const summary = await w.pull({ format: 'anthropic-usage', url: api.url, since: '2026-04-01' });
    expect(summary).toMatchObject({ rejected: 0, failures: [], complete: true });
    expect(api.asked).toHaveLength(3);
    expect(api.asked[0]?.query.getAll('group_by[]')).toEqual([
      'model',
      'workspace_id',
      'api_key_id',
      'service_tier',
    ]);
    expect((await w.rows())[0]).toMatchObject({
      prompt_tokens: 1850,
      completion_tokens: 500,
      cached_tokens: 200,
      cache_write_tokens: 150,
      requests: null,
      provider: 'anthropic',
    });
    expect(await w.rows('count(*)::INT AS n')).toEqual([{ n: summary.fetched }]);
    expect(await w.onDisk('very-secret')).toBe(false);
  });

  it('read twice, counted once', async () => {
    await using api = await apiServer((asked) => answer(asked, () => [sum()]));
    await using w = await pullWorkspace(ANTHROPIC);
    const run = (since?: string) =>
      w.pull({ format: 'anthropic-usage', url: api.url, ...(since ? { since } : {}) });
    await run('10d');
    await run();
    await run('5d');
    expect(await w.rows('count(*)::INT AS n')).toEqual([{ n: 11 }]);
  });

  it('refuses a key for requests with the name of the variable', async () => {
    await using api = await apiServer(() => ({ json: { error: {} }, status: 401 }));
    await using w = await pullWorkspace(ANTHROPIC);
    const { failures } = await w.pull({ format: 'anthropic-usage', url: api.url });
    expect(failures[0]).toMatchObject({
      code: 'key_refused',
      next: expect.stringContaining('ANTHROPIC_ADMIN_KEY'),
    });
  });
});
