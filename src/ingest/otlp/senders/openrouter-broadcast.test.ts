/** OpenRouter Broadcast from the settings page's test to the report: deliveries as OpenRouter sends them. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetInfo, ExhibitResult } from '../../../exhibits/contract.ts';
import { cli } from '../../../testing/workspace.ts';
import { type Asked, delivery } from './openrouter-delivery.fixture.ts';
import { openReceiver, type Receiver } from './receiver.fixture.ts';
import { SECRET } from './upstream.fixture.ts';

let receiver: Receiver;
let withKey: Record<string, string>;
beforeAll(async () => {
  receiver = await openReceiver('admin-secret');
  withKey = { authorization: `Bearer ${await receiver.ingestKey()}` };
});
afterAll(() => receiver.close());

const DAY = Date.UTC(2026, 2, 2, 10);
const asked = (id: string, change: Partial<Asked> = {}): Asked => ({
  id: `gen-1772445600-${id}`,
  at: DAY,
  key: 'website',
  model: 'anthropic/claude-sonnet-4.5',
  permaslug: 'anthropic/claude-sonnet-4.5',
  provider: 'Amazon Bedrock',
  slug: 'amazon-bedrock/global',
  promptTokens: 1000,
  cachedTokens: 400,
  cacheWriteTokens: 50,
  completionTokens: 100,
  reasoningTokens: 60,
  cost: 0.0123,
  finishReason: 'stop',
  ...change,
});

/** Three keys, a user with a session, a key of the customer's own, a free model, a fallback. */
const TRAFFIC: readonly Asked[] = [
  asked('aaaaaaaaaaaaaaaaaaaa'),
  asked('bbbbbbbbbbbbbbbbbbbb', { at: DAY + 1000, finishReason: 'tool_calls', firstTokenMs: 321.5 }),
  asked('cccccccccccccccccccc', { at: DAY + 2000, key: 'batch jobs', attempts: 3 }),
  asked('dddddddddddddddddddd', { at: DAY + 3000, key: 'batch jobs', byok: true, cost: 0.0006 }),
  asked('eeeeeeeeeeeeeeeeeeee', { at: DAY + 4000, user: 'ada@example.org', session: 'session-1' }),
  asked('ffffffffffffffffffff', {
    at: DAY + 5000,
    key: 'trial',
    model: 'deepseek/deepseek-r1:free',
    permaslug: 'deepseek/deepseek-r1-0528:free',
    provider: 'Chutes',
    slug: 'chutes',
    cost: 0,
  }),
];

const send = (
  body: object,
  { method = 'POST', headers = {}, zip = false }: Partial<Sending> = {},
): Promise<Response> =>
  fetch(`${receiver.url}/v1/traces`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...withKey,
      ...(zip ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    },
    body: zip ? gzipSync(JSON.stringify(body)) : JSON.stringify(body),
  });
interface Sending {
  method: 'POST' | 'PUT';
  headers: Record<string, string>;
  zip: boolean;
}

test('the test connection is answered, and leaves nothing', async () => {
  for (const method of ['POST', 'PUT'] as const)
    for (const body of [{}, { resourceSpans: [] }, delivery([], { privacy: false, test: true })]) {
      const answer = await send(body, { method, headers: { 'X-Test-Connection': 'true' } });
      expect(answer.status).toBe(200);
    }
  // Some monitors of webhooks send the test without any body at all.
  const empty = await fetch(`${receiver.url}/v1/traces`, {
    method: 'POST',
    headers: { ...withKey, 'X-Test-Connection': 'true' },
  });
  expect(empty.status).toBe(200);
  expect(await receiver.newRecords()).toEqual({ answers: [], failures: [] });
});

test('a wrong key fails the test connection, so that nobody saves it', async () => {
  for (const authorization of ['', 'Bearer wrong', `Bearer sk-sa-v1-${'0'.repeat(64)}`]) {
    const answer = await send({}, { headers: { authorization, 'X-Test-Connection': 'true' } });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('key');
  }
});

test('every generation of every key is a record once: POST or PUT, with text or without, sent again or not', async () => {
  const [first, second, ...rest] = TRAFFIC;
  if (!first || !second) throw new Error('no traffic');
  const answers = [
    await send(delivery([first], { privacy: false })),
    await send(delivery([second], { privacy: true }), { method: 'PUT', zip: true }),
    await send(delivery(rest, { privacy: true }), { method: 'PUT' }),
    await send(delivery([...TRAFFIC], { privacy: false })),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toEqual({});
  }
  const { answers: records, failures } = await receiver.newRecords();
  expect(failures).toEqual([]);
  expect(records).toMatchObject(
    TRAFFIC.map((a) => ({
      id: a.id,
      createdAt: a.at,
      account: receiver.hashAccount(a.user ?? a.key),
      session: a.session ? receiver.hashSession(a.session) : null,
      provider: a.provider,
      promptTokens: a.promptTokens,
      cachedTokens: a.cachedTokens,
      cacheWriteTokens: a.cacheWriteTokens,
      completionTokens: a.completionTokens,
      reasoningTokens: a.reasoningTokens,
      cost: a.cost,
      byok: a.byok ?? false,
      finishReason: a.finishReason,
      latencyMs: a.firstTokenMs ?? null,
      durationMs: 3366,
      source: 'openrouter-broadcast',
      requests: 1,
    })),
  );
  expect(records.map((r) => [r.model, r.variant])).toEqual([
    ...Array.from({ length: 5 }, () => ['anthropic/claude-sonnet-4.5', null]),
    ['deepseek/deepseek-r1-0528', 'free'],
  ]);
  const counts = await receiver.door('openrouter-broadcast', (d) => d.accepted >= TRAFFIC.length);
  expect(counts.reasons).toEqual([]);
  expect(await receiver.filesWith(SECRET)).toEqual([]);
  expect(await receiver.filesWith('ada@example.org')).toEqual([]);
});

test('the activity export of the same traffic adds nothing', async () => {
  const csv = [
    'generation_id,created_at,cost_total,tokens_prompt,tokens_completion,model_permaslug,api_key_name',
    ...TRAFFIC.map((a) =>
      [
        a.id,
        new Date(a.at).toISOString().replace('T', ' ').replace('Z', ''),
        a.cost,
        a.promptTokens,
        a.completionTokens,
        a.permaslug,
        a.key,
      ].join(','),
    ),
  ].join('\n');
  const ran = await cli(['import', 'openrouter-activity', '-', '--data', receiver.dataDir], csv);
  expect(ran.code, ran.stderr).toBe(0);
  expect(await receiver.newRecords()).toEqual({ answers: [], failures: [] });
});

test('the report shows it', async () => {
  const tokens = TRAFFIC.reduce((sum, a) => sum + a.promptTokens + a.completionTokens, 0);
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(receiver.url + path, { headers: receiver.asAdmin })).json()) as T;
  const { datasets } = await get<{ datasets: DatasetInfo[] }>('/stats/v1/datasets');
  expect(datasets.find((d) => d.name === 'live')).toMatchObject({
    requests: TRAFFIC.length,
    tokens,
    fields: expect.objectContaining({ account: 1, cost: 1, provider: 1 }),
  });
  const { rows } = await get<ExhibitResult>('/stats/v1/exhibits/F2?dataset=live');
  expect(rows).toMatchObject([
    { period: '2026-03-02', series: 'closed', value: 5500 },
    { period: '2026-03-02', series: 'open-chinese', value: 1100 },
  ]);
});
