/** The oddities of single formats, as their exports have them. */
import { describe, expect, it } from 'vitest';
import { csvText, jsonLines } from './foreign-files.fixture.ts';
import { refused, tables } from './tables.fixture.ts';

describe('litellm', () => {
  const row = (id: string, more: object = {}) => ({
    request_id: id,
    call_type: 'acompletion',
    spend: 0.5,
    prompt_tokens: 100,
    completion_tokens: 20,
    startTime: '2026-08-24 21:59:53.387',
    endTime: '2026-08-24 21:59:55.387',
    completionStartTime: '2026-08-24 21:59:54.387',
    model: 'gpt-4o',
    user: 'ada',
    metadata: '{}',
    ...more,
  });

  it('passes over and counts calls that generate no text', async () => {
    await using t = await tables('litellm');
    const summary = await t.import(
      'a.csv',
      csvText([row('a'), row('b', { call_type: 'aembedding' }), row('c', { call_type: '' })]),
    );
    expect(summary).toMatchObject({ rows: 2, ignored: 1, rejected: 0 });
  });

  it('knows an account by its user, its team or its key, whichever there is first', async () => {
    await using t = await tables('litellm');
    const keys = { api_key: 'k', team_id: 't' };
    await t.import(
      'a.json',
      JSON.stringify([
        row('a', keys),
        row('b', { ...keys, user: '' }),
        row('c', { user: 'None', api_key: 'k' }),
        // The proxy's admin owns all keys that were made without an owner.
        row('d', { user: 'default_user_id', api_key: 'k2' }),
      ]),
    );
    const names = await t.rows<{ account: string }>('id, account');
    expect(names.map((r) => r.account)).toEqual(['ada', 't', 'k', 'k2'].map(t.warehouse.hashAccount));
  });

  it('keeps a row whose metadata is broken; what lies in there is unknown', async () => {
    await using t = await tables('litellm');
    const usage = '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 64}}}';
    const summary = await t.import(
      'a.csv',
      csvText([
        row('a', { metadata: usage }),
        row('b', { metadata: usage.slice(0, -3) }),
        row('c', { metadata: usage.replace('64', '-64') }),
        row('d', {
          metadata: '{"error_information": {"error_code": "RateLimitError"}}',
          status: 'failure',
          spend: 0,
        }),
        row('e', { metadata: '{"error_information": {"error_code": "429"}}', status: 'failure', spend: 0 }),
      ]),
    );
    expect(refused(summary)).toEqual([]);
    expect(await t.rows('id, cached_tokens, status, finish_reason, "cost"')).toEqual([
      { id: 'a', cached_tokens: 64, status: null, finish_reason: null, cost: 0.5 },
      { id: 'b', cached_tokens: null, status: null, finish_reason: null, cost: 0.5 },
      { id: 'c', cached_tokens: null, status: null, finish_reason: null, cost: 0.5 },
      { id: 'd', cached_tokens: null, status: null, finish_reason: 'error', cost: null },
      { id: 'e', cached_tokens: null, status: 429, finish_reason: 'error', cost: null },
    ]);
  });
});

describe('langfuse', () => {
  const row = (id: string, more: object = {}) => ({
    id,
    type: 'GENERATION',
    start_time: '2026-05-29 13:46:19.963000',
    provided_model_name: 'gpt-4o',
    usage_details: { input: 10, output: 3, total: 13 },
    ...more,
  });

  it('passes over spans and events, and takes a total alone', async () => {
    await using t = await tables('langfuse');
    const summary = await t.import(
      'a.jsonl',
      jsonLines([
        row('a'),
        row('b', { type: 'SPAN', usage_details: {} }),
        row('c', { usage_details: { total: 7 } }),
        row('d', { usage_details: {} }),
      ]),
    );
    expect(summary).toMatchObject({ rows: 2, ignored: 1, rejected: 1 });
    expect(refused(summary)[0]).toMatch(/^4: no token counts/);
    expect(await t.rows('id, total_tokens')).toEqual([
      { id: 'a', total_tokens: 13 },
      { id: 'c', total_tokens: 7 },
    ]);
  });

  it('adds up buckets that it has never heard of, and refuses one that is no count', async () => {
    await using t = await tables('langfuse');
    const usage = { input: 10, input_image_tokens: 5, output: 3, output_video: 2, total: 20 };
    const summary = await t.import(
      'a.json',
      JSON.stringify(
        [row('a', { usage_details: usage }), row('b', { usage_details: { input: -1 } })],
        null,
        1,
      ),
    );
    expect(refused(summary)[0]).toMatch(
      /^\d\d: promptTokens: expected a whole number that is not negative, got "-1"/,
    );
    expect(await t.rows('prompt_tokens AS p, completion_tokens AS c')).toEqual([{ p: 15, c: 5 }]);
  });

  it('believes the total where parts lie in others, as senders write them that leave cached tokens in the input', async () => {
    const details = [
      { input: 100, output: 20, total: 120, input_cached_tokens: 50, output_reasoning_tokens: 5 },
      // LiteLLM takes off what was read from a cache, and not what was written to one.
      { input: 60, output: 20, total: 120, cache_read_input_tokens: 40, cache_creation_input_tokens: 30 },
      { input: 50, output: 15, total: 120, input_cached_tokens: 50, output_reasoning_tokens: 5 },
      { input: 100, output: 20, total: 150, input_cached_tokens: 10 },
      { input: 100, input_cached_tokens: 50, output: 20 },
    ];
    const expected = [
      { p: 100, c: 20 },
      { p: 100, c: 20 },
      { p: 100, c: 20 },
      { p: 110, c: 20 },
      { p: 150, c: 20 },
    ];
    await using t = await tables('langfuse');
    await t.import('a.jsonl', jsonLines(details.map((d, i) => row(`a${i}`, { usage_details: d }))));
    await t.import(
      'b.csv',
      csvText(
        details.map((d, i) => row(`b${i}`, { usage_details: undefined, usageDetails: JSON.stringify(d) })),
      ),
    );
    expect(await t.rows('prompt_tokens AS p, completion_tokens AS c, id')).toEqual(
      [
        ...expected.map((e, i) => ({ ...e, id: `a${i}` })),
        ...expected.map((e, i) => ({ ...e, id: `b${i}` })),
      ].sort((a, b) => a.p - b.p || a.id.localeCompare(b.id)),
    );
  });

  it('says which column a file of another kind lacks', async () => {
    await using t = await tables('langfuse');
    const summary = await t.import('scores.csv', 'id,name,value\n1,a,b\n');
    expect(summary.failures[0]?.message).toMatch(
      /scores\.csv: no column "start_time", "startTime" \(for createdAt\)/,
    );
  });
});

describe('helicone', () => {
  it('reads what ClickHouse writes: \\N for nothing, large numbers as texts, money in billionths', async () => {
    await using t = await tables('helicone');
    const head =
      'request_id,request_created_at,model,provider,user_id,prompt_tokens,completion_tokens,prompt_cache_read_tokens,latency,time_to_first_token,status,cost';
    await t.import(
      'a.csv',
      `${head}\n"a","2026-05-29 13:46:19.963","gpt-4o","OPENAI","",10,3,4,900,\\N,200,2500000000\n`,
    );
    await t.import(
      'b.jsonl',
      '{"request_id":"b","request_created_at":"2026-05-29 13:46:19","model":"m","prompt_tokens":"10","completion_tokens":"3","cost":"0","latency":"5"}\n',
    );
    await t.import(
      'c.json',
      '{"data":[{"request_id":"c","request_created_at":"2026-05-29T13:46:19+00:00","model":"m","prompt_tokens":10,"completion_tokens":3,"cost":2.5,"delay_ms":5,"response_status":200}],"error":null}',
    );
    expect(
      await t.rows('id, "cost", prompt_tokens AS p, latency_ms AS l, duration_ms AS d, country'),
    ).toEqual([
      { id: 'a', cost: 2.5, p: 14, l: null, d: 900, country: null },
      { id: 'b', cost: null, p: 10, l: null, d: 5, country: null },
      { id: 'c', cost: 2.5, p: 10, l: null, d: 5, country: null },
    ]);
  });
});

describe('openai-usage', () => {
  const result = (more: object = {}) => ({
    input_tokens: 1000,
    output_tokens: 500,
    input_cached_tokens: 800,
    num_model_requests: 5,
    project_id: null,
    user_id: null,
    api_key_id: null,
    model: null,
    batch: null,
    ...more,
  });
  const page = (...results: object[]) => ({
    object: 'page',
    data: [{ object: 'bucket', start_time: 1_730_419_200, end_time: 1_730_505_600, results }],
    has_more: false,
    next_page: null,
  });

  it('reads a report that was grouped by nothing', async () => {
    await using t = await tables('openai-usage');
    await t.import('a.json', JSON.stringify(page(result()), null, 2));
    expect(
      await t.rows('created_at, model, requests, total_tokens, cached_tokens, account, provider'),
    ).toEqual([
      {
        created_at: '2024-11-01 00:00:00',
        model: 'unknown',
        requests: 5,
        total_tokens: 1500,
        cached_tokens: 800,
        account: null,
        provider: 'openai',
      },
    ]);
    expect((await t.dataset.manifest()).lake[0]?.daily).toBe(true);
  });

  it('a bucket that has grown replaces what it was', async () => {
    await using t = await tables('openai-usage');
    const at = (tokens: number) =>
      JSON.stringify(page(result({ model: 'gpt-4o', user_id: 'user-ada', output_tokens: tokens })));
    await t.import('morning.json', at(500));
    expect(await t.import('evening.json', at(900))).toMatchObject({ rows: 1, replaced: 1 });
    expect(await t.import('morning-again.json', at(700))).toMatchObject({ rows: 0, duplicates: 1 });
    const all = await t.import('all.jsonl', [at(500), at(900), at(300)].join('\n'));
    expect(all).toMatchObject({ rows: 0, duplicates: 3 });
    const [row] = await t.rows<{ id: string }>('id, completion_tokens AS c');
    expect(row).toMatchObject({ c: 900 });
    expect(row?.id).not.toContain('ada');
  });

  it('keeps rows apart that a report gives twice for one group, also when both grow', async () => {
    await using t = await tables('openai-usage');
    const at = (...tokens: number[]) =>
      jsonLines([page(...tokens.map((output_tokens) => result({ model: 'm', output_tokens })))]);
    await t.import('a.json', at(60, 16));
    await t.import('b.json', at(70, 61));
    expect(await t.rows('completion_tokens AS c')).toEqual([{ c: 61 }, { c: 70 }]);
  });

  it('reads the CSV of the usage page: counts with a fraction, empty buckets, hours', async () => {
    await using t = await tables('openai-usage');
    const summary = await t.import(
      'completions_usage.csv',
      `start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens
1759622400,1759626000,2025-10-05T00:00:00+00:00,2025-10-05T01:00:00+00:00,proj_1,10.0,user-1,key_1,gpt-4o-2024-08-06,FALSE,default,59200.0,10646.0,5760.0,53440.0
1759626000,1759629600,2025-10-05T01:00:00+00:00,2025-10-05T02:00:00+00:00,,,,,,,,,,,
1759629600,1759633200,2025-10-05T02:00:00+00:00,2025-10-05T03:00:00+00:00,proj_1,1.0,user-1,key_1,gpt-4o-2024-08-06,FALSE,default,1.5,1.0,0.0,1.0
`,
    );
    expect(summary).toMatchObject({ rows: 1, ignored: 1 });
    expect(refused(summary)).toEqual([
      '4: promptTokens: expected a whole number that is not negative, got "1.5"',
    ]);
    expect(await t.rows('prompt_tokens AS p, requests AS r')).toEqual([{ p: 59200, r: 10 }]);
  });

  it('says in which line of a page a row is wrong', async () => {
    await using t = await tables('openai-usage');
    const pages = JSON.stringify(
      page(result({ model: 'a' }), result({ model: 'b', input_tokens: 'many' })),
      null,
      2,
    );
    const summary = await t.import('a.json', pages);
    expect(summary).toMatchObject({ rows: 1, rejected: 1 });
    const line = pages.split('\n').findIndex((l) => l.includes('"many"'));
    expect(refused(summary)).toEqual([
      `${line}: promptTokens: expected a whole number that is not negative, got a text of 4 characters`,
    ]);
  });

  it('reads single buckets and single rows as well', async () => {
    await using t = await tables('openai-usage');
    const [bucket] = page(result({ model: 'a' })).data;
    await t.import('a.jsonl', jsonLines([bucket, { start_time: 1_730_419_200, ...result({ model: 'b' }) }]));
    expect(await t.rows('model')).toEqual([{ model: 'a' }, { model: 'b' }]);
  });
});

describe('anthropic-usage', () => {
  it('reads the CSV of the Console', async () => {
    await using t = await tables('anthropic-usage');
    await t.import(
      'a.csv',
      `usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed
2026-08-05,claude-opus-5,My App,Default,standard,≤ 200k,46981,15969,7,30,16932,0,global,
`,
    );
    expect(
      await t.rows(
        'created_at, model, requests, prompt_tokens AS p, cached_tokens AS r, cache_write_tokens AS w, account',
      ),
    ).toEqual([
      {
        created_at: '2026-08-05 00:00:00',
        model: 'claude-opus-5',
        requests: null,
        p: 62987,
        r: 30,
        w: 15976,
        account: t.warehouse.hashAccount('My App'),
      },
    ]);
  });
});
