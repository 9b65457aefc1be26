/** OpenRouter's own SDK, which checks every answer, against the whole server, with nothing but its base URL changed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTTPClient, OpenRouter } from '@openrouter/sdk';
import type { ChatResult, ChatStreamChunk } from '@openrouter/sdk/models';
import * as errors from '@openrouter/sdk/models/errors';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildServer } from '../../server/server.ts';
import { temporaryDirectory } from '../../testing/workspace.ts';
import { COST, openUpstreams, PARTS, PIXEL, type TestUpstreams, WEATHER_SCHEMA } from './setup.ts';

let upstreams: TestUpstreams;
let server: FastifyInstance;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let client: OpenRouter;
/** `X-Generation-Id` of the newest answer. */
let lastId = '';
beforeAll(async () => {
  vi.stubEnv('STATEAI_LOG', 'silent');
  upstreams = await openUpstreams();
  directory = await temporaryDirectory();
  const dataDir = join(directory.path, 'data');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'gateway.yaml'), JSON.stringify(upstreams.config));
  server = await buildServer({ dataDir, adminSecret: null });
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  const httpClient = new HTTPClient();
  httpClient.addHook('response', ({ headers }) => {
    lastId = headers.get('x-generation-id') ?? lastId;
  });
  client = new OpenRouter({
    serverURL: `${address}/api/v1`,
    apiKey: 'none',
    retryConfig: { strategy: 'none' },
    appTitle: 'Ada',
    httpReferer: 'https://ada.example',
    httpClient,
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([upstreams.close(), directory[Symbol.asyncDispose]()]);
});

const say = (content: string) => [{ role: 'user' as const, content }];
const MODELS = ['test/model', 'claudish/model', 'answers/model', 'stateai/sandbox'];
const REAL = MODELS.slice(0, 3);
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER_SCHEMA } }];

type Ask = Omit<Parameters<OpenRouter['chat']['send']>[0]['chatRequest'], 'stream'>;
const whole = async (chatRequest: Ask): Promise<ChatResult> =>
  (await client.chat.send({ chatRequest: { ...chatRequest, stream: false } })) as ChatResult;
async function streamed(chatRequest: Ask): Promise<ChatStreamChunk[]> {
  const stream = await client.chat.send({ chatRequest: { ...chatRequest, stream: true } });
  const chunks: ChatStreamChunk[] = [];
  for await (const chunk of stream as AsyncIterable<ChatStreamChunk>) chunks.push(chunk);
  return chunks;
}
const textOf = (chunks: ChatStreamChunk[]) => chunks.map((c) => c.choices[0]?.delta.content ?? '').join('');
/** What the gateway says of a generation, as soon as it is recorded. */
const generation = async (id = lastId) =>
  vi.waitFor(async () => (await client.generations.getGeneration({ id })).data, { timeout: 10_000 });

test.each(MODELS)('%s answers, streamed and not, and its generation is known at once', async (model) => {
  const first = await whole({ model, messages: say('hello') });
  expect(first.choices[0]?.message.content).toMatch(/Hello from the upstream|sandbox/);
  expect(lastId).toBe(first.id);
  const one = await generation();
  const chunks = await streamed({ model, messages: say('hello') });
  expect(textOf(chunks)).toBe(first.choices[0]?.message.content);
  const usage = chunks.at(-1)?.usage;
  expect(usage).toEqual(first.usage);
  const two = await generation();
  for (const [data, isStream] of [
    [one, false],
    [two, true],
  ] as const)
    expect(data).toMatchObject({
      model,
      origin: 'https://ada.example',
      finishReason: 'stop',
      streamed: isStream,
      cancelled: false,
      nativeTokensPrompt: usage?.promptTokens,
      nativeTokensCompletion: usage?.completionTokens,
      totalCost: model === 'stateai/sandbox' ? 0 : COST,
      providerResponses: [{ status: 200 }],
    });
});

test.each([...REAL, 'stateai/sandbox'])('%s calls a tool and takes its result', async (model) => {
  const messages = say('get_weather of Paris');
  const { choices } = await whole({ model, messages, tools });
  const [call] = choices[0]?.message.toolCalls ?? [];
  if (call?.type !== 'function') throw new Error('no call');
  expect(JSON.parse(call.function.arguments)).toEqual({ city: expect.any(String) });
  const result = { role: 'tool' as const, toolCallId: call.id, content: 'sunny' };
  const answered = [...messages, { ...choices[0]?.message, role: 'assistant' as const }, result];
  const second = await whole({ model, messages: answered, tools });
  expect(second.choices[0]?.message.content).toMatch(/It is sunny in Paris|sandbox/);
  const parts = (await streamed({ model, messages, tools })).flatMap(
    (c) => c.choices[0]?.delta.toolCalls ?? [],
  );
  expect(JSON.parse(parts.map((p) => p.function?.arguments ?? '').join(''))).toEqual({
    city: expect.any(String),
  });
});

test.each(MODELS)('%s reasons, sees pictures and answers in a structure', async (model) => {
  const jsonSchema = { name: 'place', strict: true, schema: WEATHER_SCHEMA };
  const place = await whole({
    model,
    messages: say('as JSON'),
    responseFormat: { type: 'json_schema', jsonSchema },
  });
  expect(JSON.parse(String(place.choices[0]?.message.content))).toEqual({ city: expect.any(String) });
  const ask = { model, messages: say('think'), reasoning: { effort: 'low' as const } };
  const { choices } = await whole(ask);
  expect(choices[0]?.message.reasoning).toMatch(/Six times seven|nothing to think/);
  const chunks = await streamed(ask);
  expect(chunks.map((c) => c.choices[0]?.delta.reasoning ?? '').join('')).toBe(choices[0]?.message.reasoning);
  const url = `data:image/png;base64,${PIXEL}`;
  const content = [
    { type: 'text' as const, text: 'a picture' },
    { type: 'image_url' as const, imageUrl: { url } },
  ];
  expect((await whole({ model, messages: [{ role: 'user', content }] })).choices).toHaveLength(1);
});

test.each(['parts/chat', 'parts/messages', 'parts/responses'])(
  'cached, written and reasoning tokens of %s are counted once, streamed and not',
  async (model) => {
    const first = await whole({ model, messages: say('count') });
    const one = await generation();
    const chunks = await streamed({ model, messages: say('count') });
    const two = await generation();
    for (const usage of [first.usage, chunks.at(-1)?.usage])
      expect(usage).toMatchObject({
        promptTokens: 1000,
        completionTokens: 100,
        totalTokens: 1100,
        promptTokensDetails: { cachedTokens: 400, cacheWriteTokens: 50 },
        completionTokensDetails: { reasoningTokens: 60 },
        cost: PARTS.cost,
      });
    for (const data of [one, two])
      expect(data).toMatchObject({
        nativeTokensPrompt: 1000,
        nativeTokensCached: 400,
        nativeTokensCompletion: 100,
        nativeTokensReasoning: 60,
        totalCost: PARTS.cost,
      });
  },
);

test.each(['parts/responses', 'chatty/model', 'claudish/model', 'stateai/sandbox'])(
  'Responses of %s, streamed and not',
  async (model) => {
    const responsesRequest = { model, input: 'hello' };
    const done = await client.responses.send({ responsesRequest: { ...responsesRequest, stream: false } });
    expect(JSON.stringify(done)).toMatch(/Hello from the upstream|word|sandbox/);
    expect(await generation()).toMatchObject({ streamed: false, finishReason: 'stop' });
    const stream = await client.responses.send({ responsesRequest: { ...responsesRequest, stream: true } });
    const types: string[] = [];
    for await (const event of stream as AsyncIterable<{ type: string }>) types.push(event.type);
    expect(types[0]).toBe('response.created');
    expect(types.at(-1)).toBe('response.completed');
    expect(await generation()).toMatchObject({ streamed: true, finishReason: 'stop' });
  },
);

test('embeddings', async () => {
  const requestBody = { model: 'test/model', input: ['one', 'two'] };
  const made = await client.embeddings.generate({ requestBody });
  if (typeof made === 'string') throw new Error('no embeddings');
  expect(made.data.map((d) => d.embedding)).toEqual([
    [0.25, -0.5, 1],
    [0.25, -0.5, 1],
  ]);
  expect(await generation()).toMatchObject({ apiType: 'embeddings' });
});

test('models, their endpoints and the providers are listed', async () => {
  await whole({ model: 'test/shared', messages: say('hello'), provider: { only: ['mock'] } });
  const first = await client.models.list();
  const { data } = first.result;
  expect(data.map((m) => m.id)).toEqual(expect.arrayContaining(MODELS));
  expect(data.find((m) => m.id === 'test/model')).toMatchObject({
    pricing: { prompt: '0.000002', completion: '0.00001', inputCacheRead: '0.0000005' },
  });
  expect((await client.models.count()).data.count).toBe(data.length);
  expect((await client.models.listForUser({ bearer: 'none' })).result.data).toHaveLength(data.length);
  const pages = await client.models.list({ limit: 3 });
  const seen: string[] = [];
  for await (const page of pages) seen.push(...page.result.data.map((m) => m.id));
  expect(seen).toEqual(data.map((m) => m.id));
  const { endpoints } = (await client.endpoints.list({ author: 'test', slug: 'shared' })).data;
  expect(endpoints.map((e) => e.providerName)).toEqual(['mock', 'broken']);
  expect(endpoints[0]).toMatchObject({ uptimeLast30m: 100, latencyLast30m: { p50: expect.any(Number) } });
  expect((await client.providers.list()).data.map((p) => p.slug)).toContain('stateai');
});

describe('what goes wrong', () => {
  test.each([
    [400, errors.BadRequestResponseError],
    [401, errors.BadGatewayResponseError],
    [404, errors.NotFoundResponseError],
    [429, errors.TooManyRequestsResponseError],
    [500, errors.BadGatewayResponseError],
    [503, errors.ProviderOverloadedResponseError],
  ])('an upstream that says %i is the SDK’s own error', async (said, type) => {
    const failed = await whole({ model: `mock/fails-${said}`, messages: say('x') }).catch((e) => e);
    expect(failed).toBeInstanceOf(type);
    expect(failed.error).toMatchObject({ code: failed.statusCode });
    if (said === 429) expect(failed.headers.get('retry-after')).toBe('21');
    expect(await generation()).toMatchObject({ finishReason: 'error', nativeTokensPrompt: null });
  });

  test('what is not there is not found', async () => {
    const notFound = errors.NotFoundResponseError;
    await expect(client.generations.getGeneration({ id: 'gen-0-none' })).rejects.toBeInstanceOf(notFound);
    const asked = client.endpoints.list({ author: 'nobody', slug: 'has-this' });
    await expect(asked).rejects.toBeInstanceOf(notFound);
    await expect(whole({ model: 'nobody/has', messages: say('x') })).rejects.toBeInstanceOf(notFound);
  });

  test.each(['mock/any', 'claudish/model'])('a stream of %s that breaks off says so', async (model) => {
    const chunks = await streamed({ model, messages: say('break off') });
    expect(textOf(chunks)).toMatch(/^This/);
    expect(chunks.at(-1)).toMatchObject({
      error: { code: 502 },
      choices: [{ finishReason: 'error', delta: { content: '' } }],
    });
    expect(await generation()).toMatchObject({ finishReason: 'error', streamed: true });
  });

  test('an abort hangs up on the upstream and is recorded', async () => {
    const stop = new AbortController();
    const before = upstreams.endless.hungUp;
    const chatRequest = { model: 'endless/model', messages: say('go'), stream: true as const };
    const stream = await client.chat.send({ chatRequest }, { signal: stop.signal });
    const read = async () => {
      for await (const _ of stream as AsyncIterable<unknown>) stop.abort();
    };
    await read().catch(() => undefined);
    await vi.waitFor(() => expect(upstreams.endless.hungUp).toBe(before + 1), { timeout: 10_000 });
    expect(await generation()).toMatchObject({ cancelled: true, finishReason: null });
  });

  test('other models and providers take over', async () => {
    const provider = { order: ['broken', 'mock'] };
    const ask = { model: 'broken/other', models: ['test/shared'], provider, messages: say('hello') };
    expect((await whole(ask)).model).toBe('test/shared');
    expect((await generation()).providerResponses).toMatchObject([
      { providerName: 'broken', status: 500 },
      { providerName: 'broken', status: 500 },
      { providerName: 'mock', status: 200 },
    ]);
  });
});
