/**
 * What every client meets: a gateway before an independent upstream (aimock) that speaks chat, Responses, Messages and
 * embeddings, before upstreams of a few lines for what aimock cannot do, and the built-in sandbox.
 */
import { LLMock } from '@copilotkit/aimock';
import { expect } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { type FakeUpstream, type TestGateway, testGateway } from '../../testing/gateway.ts';
import type { ConfigFile } from '../config/schema.ts';
import { brokenUpstream, countingUpstream, endlessUpstream } from './upstreams.ts';

/** The upstreams alone, with the configuration that leads a gateway to them. */
export interface TestUpstreams {
  config: ConfigFile;
  counting: FakeUpstream;
  endless: { hungUp: number };
  /** The newest request that aimock got, as it read it. */
  asked(): string;
  close(): Promise<void>;
}

export interface World extends Omit<TestUpstreams, 'config'> {
  /** Up to and with `/api/v1`: what most SDKs call their base URL. */
  url: string;
  /** Up to and with `/api`: what Anthropic's SDK calls its base URL. */
  apiUrl: string;
  gateway: TestGateway;
  /** The record of a generation. */
  recordOf(id: string | null | undefined): Promise<Generation>;
  /** The record that comes next. */
  nextRecord(): Promise<Generation>;
}

/** USD per million tokens: what the costs in the tests follow from. */
const PRICES = { prompt: 2, completion: 10, cacheRead: 0.5, cacheWrite: 2.5 };

/** The tokens that aimock says it counted, as a record has them, and what they cost. */
export const COUNTED = { promptTokens: 11, completionTokens: 7, tokensEstimated: false };
export const COST = (11 * 2 + 7 * 10) / 1e6;

/** What the counting upstream counts, as a record has it; each token is paid for once. */
export const PARTS = {
  promptTokens: 1000,
  cachedTokens: 400,
  cacheWriteTokens: 50,
  completionTokens: 100,
  reasoningTokens: 60,
  totalTokens: 1100,
  tokensEstimated: false,
  cost: (550 * 2 + 400 * 0.5 + 50 * 2.5 + 100 * 10) / 1e6,
};

/** A picture of one pixel. */
export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const WEATHER_SCHEMA = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
  additionalProperties: false,
};

const SPOKEN: ('chat' | 'responses' | 'messages' | 'embeddings')[] = [
  'chat',
  'responses',
  'messages',
  'embeddings',
];

type Providers = NonNullable<ConfigFile['providers']>;

/** aimock as five providers: all dialects, chat, Responses or Messages alone, OpenRouter; and the others. */
function providersOf(aimock: string, counting: string, endless: string, broken: string): Providers {
  const all = `${aimock}/v1`;
  const one = (slug: string, id = 'model') => [{ slug, id, prices: PRICES }];
  const shared = one('test/shared', 'shared');
  const parts = { url: counting, apiKey: 'k' };
  return [
    {
      slug: 'mock',
      url: all,
      dialects: SPOKEN,
      apiKey: 'k',
      models: [
        ...one('test/model'),
        ...shared,
        ...Object.keys(FAILS).flatMap((s) => one(`mock/fails-${s}`, `fails-${s}`)),
      ],
    },
    { slug: 'chatty', url: all, dialects: ['chat'], apiKey: 'k', models: one('chatty/model') },
    { slug: 'answering', url: all, dialects: ['responses'], apiKey: 'k', models: one('answers/model') },
    {
      slug: 'claudish',
      urls: { messages: all },
      apiKey: 'k',
      models: one('claudish/model', 'claude-sonnet-4-5'),
    },
    {
      slug: 'openrouter',
      url: `${aimock}/api/v1`,
      dialects: ['chat'],
      apiKey: 'k',
      models: [{ slug: 'routed/model' }],
    },
    { slug: 'chat-parts', ...parts, dialects: ['chat', 'completions'], models: one('parts/chat') },
    {
      slug: 'threads',
      preset: 'anthropic',
      urls: { messages: counting },
      apiKey: 'k',
      models: one('threads/model'),
    },
    { slug: 'messages-parts', ...parts, dialects: ['messages'], models: one('parts/messages') },
    { slug: 'responses-parts', ...parts, dialects: ['responses'], models: one('parts/responses') },
    { slug: 'endless', url: endless, dialects: [...SPOKEN, 'completions'], models: one('endless/model') },
    { slug: 'broken', url: broken, dialects: SPOKEN, models: shared },
  ];
}

/** What aimock answers to which words. */
function teach(mock: LLMock): void {
  const usage = { prompt_tokens: COUNTED.promptTokens, completion_tokens: COUNTED.completionTokens };
  mock
    .on({ toolName: 'get_weather', hasToolResult: true }, { content: 'It is sunny in Paris.', usage })
    .on(
      { toolName: 'get_weather', hasToolResult: false },
      { toolCalls: [{ id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' }], usage },
    )
    .onMessage('as JSON', { content: '{"city":"Paris"}', usage })
    .onMessage('think', {
      content: 'Forty-two.',
      reasoning: 'Six times seven.',
      reasoningSignature: 'signed-1',
      usage,
    })
    .onMessage(
      'break off',
      { content: 'This will not end well, for it never ends.', usage },
      { chunkSize: 5, latency: 5, truncateAfterChunks: 6 },
    )
    .onMessage('what it costs', {
      content: 'Dear.',
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 100,
        cost: 0.0123,
        cost_details: { upstream_inference_cost: 0.0111 },
        prompt_tokens_details: { cached_tokens: 400, cache_write_tokens: 50 },
        completion_tokens_details: { reasoning_tokens: 60 },
      },
    })
    .onEmbedding(/./, { embedding: [0.25, -0.5, 1] })
    .onMessage(/./, { content: 'Hello from the upstream.', usage });
  for (const [status, type] of Object.entries(FAILS))
    mock.prependFixture({
      match: { model: `fails-${status}` },
      response: {
        error: { message: `upstream says ${status}`, type },
        status: Number(status),
        retryAfter: 21,
      },
    });
}

/** Statuses with which aimock fails for the model `mock/fails-<status>`, and its word for each. */
const FAILS = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
};

export async function openUpstreams(): Promise<TestUpstreams> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1' });
  teach(mock);
  await mock.start();
  const [counting, endless, broken] = await Promise.all([
    countingUpstream(),
    endlessUpstream(),
    brokenUpstream(),
  ]);
  return {
    config: {
      environment: false,
      sandbox: true,
      retries: { baseMs: 5, failuresToOpen: 1000 },
      providers: providersOf(mock.url, counting.url, endless.url, broken.url),
    },
    counting,
    endless,
    asked: () => JSON.stringify(mock.getLastRequest()?.body),
    async close() {
      await Promise.all([mock.stop(), counting.close(), endless.close(), broken.close()]);
    },
  };
}

export async function openWorld(): Promise<World> {
  const upstreams = await openUpstreams();
  const gateway = await testGateway(upstreams.config);
  return {
    ...upstreams,
    url: gateway.url,
    apiUrl: gateway.url.replace(/\/v1$/, ''),
    gateway,
    async recordOf(id) {
      expect(id).toMatch(/^gen-/);
      for (let i = 0; ; i++) {
        const record = await gateway.record(i);
        if (record.id === id) return record;
      }
    },
    nextRecord: () => gateway.record(gateway.records.length),
    async close() {
      await gateway.close();
      await upstreams.close();
    },
  };
}
