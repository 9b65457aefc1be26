/** Made-up rows of the formats that other gateways export, with the record that each stands for. */
import fc from 'fast-check';
import type { ForeignRow } from './foreign-files.fixture.ts';

/** The record's fields that a test compares, by column. `who` is the account's name before it is hashed. */
export interface Expected {
  id?: string;
  created_at: string;
  who: string | null;
  session?: string | null;
  model: string;
  requests: number | null;
  prompt_tokens: number;
  completion_tokens: number;
  reasoning_tokens: number | null;
  cached_tokens: number | null;
  cache_write_tokens: number | null;
  cost: number | null;
  finish_reason: string | null;
  latency_ms: number | null;
  duration_ms: number | null;
}

export interface Sample {
  row: ForeignRow;
  expected: Expected;
}

/** Text such as a prompt is, which no record may keep. */
export const SECRET = 'zanzibar';
const noise = fc
  .array(fc.constantFrom(SECRET, ' ', '"', "'", ',', '\n', '\r\n', '\t', '\\', '{', ']', 'é', '漢', '🦜'), {
    maxLength: 9,
  })
  .map((parts) => `${SECRET}${parts.join('')}`);
const count = fc.oneof(fc.constant(0), fc.nat({ max: 200_000 }));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const name = fc.constantFrom('ada', 'Grace Hopper', 'o’brien@example.org', '李雷', 'team,7');
const model = fc.constantFrom('gpt-4o', 'claude-sonnet-4-5', 'openai/gpt-5', 'llama-3.3-70b');
const moment = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2026, 5, 1) });
const money = fc.integer({ min: 1, max: 5_000_000_000 });

const sql = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
    .replace(/(\.\d*?)0+$/, '$1');
const seconds = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '000');

const generation = fc.record({
  id: fc.uuid(),
  at: moment,
  first: maybe(fc.integer({ min: 1, max: 2000 })),
  rest: fc.integer({ min: 1, max: 60_000 }),
  who: maybe(name),
  session: maybe(fc.uuid()),
  model,
  fresh: count,
  cached: count,
  written: count,
  output: count,
  reasoning: count,
  nano: maybe(money),
  failed: fc.boolean(),
  text: noise,
});
type Made = typeof generation extends fc.Arbitrary<infer T> ? T : never;

const common = (g: Made): Expected => ({
  id: g.id,
  created_at: sql(g.at),
  who: g.who,
  model: g.model,
  requests: 1,
  prompt_tokens: g.fresh + g.cached + g.written,
  completion_tokens: g.output + g.reasoning,
  reasoning_tokens: g.reasoning,
  cached_tokens: g.cached,
  cache_write_tokens: g.written,
  cost: g.nano === null ? null : g.nano / 1e9,
  finish_reason: g.failed ? 'error' : null,
  latency_ms: g.first,
  duration_ms: (g.first ?? 0) + g.rest,
});

export const litellm: fc.Arbitrary<Sample> = generation.map((g) => {
  const end = g.at + (g.first ?? 0) + g.rest;
  return {
    expected: { ...common(g), who: g.who ?? 'hash-of-a-key' },
    row: {
      request_id: g.id,
      call_type: 'acompletion',
      api_key: 'hash-of-a-key',
      spend: g.nano === null ? 0 : g.nano / 1e9,
      total_tokens: g.fresh + g.cached + g.written + g.output + g.reasoning,
      prompt_tokens: g.fresh + g.cached + g.written,
      completion_tokens: g.output + g.reasoning,
      startTime: new Date(g.at).toISOString(),
      endTime: new Date(end).toISOString(),
      completionStartTime: new Date(g.first === null ? end : g.at + g.first).toISOString(),
      model: g.model,
      custom_llm_provider: 'openai',
      user: g.who ?? '',
      team_id: '',
      end_user: 'somebody',
      session_id: g.session,
      cache_hit: 'None',
      status: g.failed ? 'failure' : 'success',
      messages: g.text,
      metadata: {
        requester: g.text,
        usage_object: {
          prompt_tokens_details: { cached_tokens: g.cached, cache_creation_tokens: g.written },
          completion_tokens_details: { reasoning_tokens: g.reasoning },
        },
      },
    },
  };
});

const langfuseUsage = (g: Made) => ({
  input: g.fresh,
  input_cached_tokens: g.cached,
  cache_creation_input_tokens: g.written,
  output: g.output,
  output_reasoning_tokens: g.reasoning,
  total: g.fresh + g.cached + g.written + g.output + g.reasoning,
});

export const langfuseExport: fc.Arbitrary<Sample> = generation.map((g) => ({
  expected: common(g),
  row: {
    id: g.id,
    trace_id: 't',
    type: 'GENERATION',
    start_time: seconds(g.at),
    end_time: seconds(g.at + (g.first ?? 0) + g.rest),
    completion_start_time: g.first === null ? null : seconds(g.at + g.first),
    level: g.failed ? 'ERROR' : 'DEFAULT',
    input: g.text,
    output: g.text,
    provided_model_name: g.model,
    usage_details: langfuseUsage(g),
    cost_details: { total: (g.nano ?? 0) / 1e9 },
    total_cost: (g.nano ?? 0) / 1e9,
    user_id: g.who ?? '',
    session_id: g.session ?? '',
  },
}));

export const langfuseApi: fc.Arbitrary<Sample> = generation.map((g) => ({
  expected: common(g),
  row: {
    id: g.id,
    traceId: 't',
    type: 'GENERATION',
    startTime: new Date(g.at).toISOString(),
    endTime: new Date(g.at + (g.first ?? 0) + g.rest).toISOString(),
    completionStartTime: g.first === null ? null : new Date(g.at + g.first).toISOString(),
    level: g.failed ? 'ERROR' : 'DEFAULT',
    input: { messages: [{ content: g.text }] },
    model: g.model,
    usageDetails: langfuseUsage(g),
    usage: { input: 1, output: 2, total: 3, unit: 'TOKENS' },
    calculatedTotalCost: g.nano === null ? null : g.nano / 1e9,
    userId: g.who,
    sessionId: g.session,
  },
}));

const heliconeTokens = (g: Made) => ({
  prompt_tokens: g.fresh,
  prompt_cache_read_tokens: g.cached,
  prompt_cache_write_tokens: g.written,
  completion_tokens: g.output,
  reasoning_tokens: g.reasoning,
  time_to_first_token: g.first,
});

export const heliconeTable: fc.Arbitrary<Sample> = generation.map((g) => ({
  expected: { ...common(g), finish_reason: null },
  row: {
    request_id: g.id,
    request_created_at: sql(g.at),
    model: g.model,
    provider: 'OPENAI',
    user_id: g.who ?? '',
    ...heliconeTokens(g),
    latency: (g.first ?? 0) + g.rest,
    country_code: 'DE',
    status: g.failed ? 500 : 200,
    cost: g.nano ?? 0,
    properties: { 'Helicone-Session-Id': g.session ?? '', other: g.text },
    request_body: g.text,
  },
}));

export const heliconeApi: fc.Arbitrary<Sample> = generation.map((g) => ({
  expected: { ...common(g), finish_reason: null },
  row: {
    request_id: g.id,
    request_created_at: new Date(g.at).toISOString(),
    request_model: g.model,
    request_user_id: g.who,
    provider: 'ANTHROPIC',
    ...heliconeTokens(g),
    total_tokens: g.fresh + g.output + g.reasoning,
    delay_ms: (g.first ?? 0) + g.rest,
    response_status: g.failed ? 429 : 200,
    cost: g.nano === null ? null : g.nano / 1e9,
    request_body: { messages: [g.text] },
  },
}));

/** Rows of a report: one bucket and group each, which are all different. */
const grouped = <T>(row: fc.Arbitrary<T>, group: (row: T) => string) =>
  fc.uniqueArray(row, { minLength: 1, maxLength: 12, selector: group });

const bucket = fc.record({
  day: fc.integer({ min: 20_000, max: 20_009 }),
  key: fc.constantFrom('key_1', 'key_2'),
  model,
  requests: fc.integer({ min: 1, max: 5000 }),
  fresh: count,
  cached: count,
  short: count,
  long: count,
  output: count,
});
type Bucket = typeof bucket extends fc.Arbitrary<infer T> ? T : never;

const day = (b: Bucket): string => `${sql(b.day * 86_400_000)}`;
const reported = (b: Bucket, requests: number | null, written: number | null): Expected => ({
  created_at: day(b),
  who: b.key,
  model: b.model,
  requests,
  prompt_tokens: b.fresh + b.cached + (written ?? 0),
  completion_tokens: b.output,
  reasoning_tokens: null,
  cached_tokens: b.cached,
  cache_write_tokens: written,
  cost: null,
  finish_reason: null,
  latency_ms: null,
  duration_ms: null,
});
const buckets = (sample: (b: Bucket) => Sample): fc.Arbitrary<Sample[]> =>
  grouped(bucket, (b) => `${b.day} ${b.key} ${b.model}`).map((rows) => rows.map(sample));

export const openaiUsage = buckets((b) => ({
  expected: reported(b, b.requests, null),
  row: {
    start_time: b.day * 86_400,
    end_time: (b.day + 1) * 86_400,
    input_tokens: b.fresh + b.cached,
    input_cached_tokens: b.cached,
    output_tokens: b.output,
    num_model_requests: b.requests,
    project_id: null,
    user_id: null,
    api_key_id: b.key,
    model: b.model,
    batch: false,
  },
}));

export const anthropicUsage = buckets((b) => ({
  expected: reported(b, null, b.short + b.long),
  row: {
    starting_at: new Date(b.day * 86_400_000).toISOString(),
    ending_at: new Date((b.day + 1) * 86_400_000).toISOString(),
    uncached_input_tokens: b.fresh,
    cache_creation: { ephemeral_1h_input_tokens: b.long, ephemeral_5m_input_tokens: b.short },
    cache_read_input_tokens: b.cached,
    output_tokens: b.output,
    api_key_id: b.key,
    workspace_id: 'w',
    model: b.model,
    service_tier: 'standard',
  },
}));

export const openrouterActivity = buckets((b) => ({
  expected: {
    ...reported(b, b.requests, null),
    who: null,
    cached_tokens: null,
    reasoning_tokens: 0,
    cost: b.short / 1e6,
  },
  row: {
    date: day(b).slice(0, 10),
    model: b.model,
    model_permaslug: b.model,
    endpoint_id: b.key,
    provider_name: 'OpenAI',
    usage: b.short / 1e6,
    byok_usage_inference: 0,
    requests: b.requests,
    prompt_tokens: b.fresh + b.cached,
    completion_tokens: b.output,
    reasoning_tokens: 0,
  },
}));

/** Rows in the pages of a usage report: buckets which hold the fields of time, and results. */
export function usagePages(times: readonly string[]): (rows: readonly ForeignRow[]) => unknown[] {
  return (rows) => {
    const held = Map.groupBy(rows, (row) => row[times[0] as string]);
    const data = [...held.values()].map((results) => ({
      object: 'bucket',
      ...Object.fromEntries(times.map((t) => [t, results[0]?.[t]])),
      results: results.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([k]) => !times.includes(k))),
      ),
    }));
    const half = Math.ceil(data.length / 2);
    const page = (part: unknown[]) => ({ object: 'page', data: part, has_more: false, next_page: null });
    return [page(data.slice(0, half)), page(data.slice(half))];
  };
}
