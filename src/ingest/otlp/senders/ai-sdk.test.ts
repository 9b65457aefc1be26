/** The AI SDK's telemetry: its spans by the GenAI conventions, and the `ai.*` spans that older versions send. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { LegacyOpenTelemetry, OpenTelemetry } from '@ai-sdk/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  embed,
  embedMany,
  generateObject,
  generateText,
  jsonSchema,
  stepCountIs,
  streamObject,
  streamText,
  tool,
} from 'ai';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bothSides, openReceiver, type Receiver } from './receiver.fixture.ts';
import {
  FAILING,
  OBJECT_PROMPT_TOKENS,
  openUpstream,
  type Said,
  SECRET,
  type Upstream,
} from './upstream.fixture.ts';

let receiver: Receiver;
let upstream: Upstream;
beforeAll(async () => {
  receiver = await openReceiver();
});
beforeEach(async () => {
  upstream = await openUpstream();
});
afterEach(() => upstream.close());
afterAll(() => receiver.close());

const CITY = { type: 'object' as const, properties: { city: { type: 'string' as const } } };
const schema = jsonSchema<{ city: string }>(CITY);
const tools = { get_weather: tool({ inputSchema: schema, execute: async () => SECRET }) };

/** 15 generations, one of which fails. */
async function useEverything(
  integration: OpenTelemetry | LegacyOpenTelemetry,
  runtimeContext: Record<string, string> = {},
): Promise<void> {
  const openai = createOpenAI({ apiKey: 'k', baseURL: upstream.url });
  const parts = createOpenAI({ apiKey: 'k', baseURL: upstream.parts });
  const claude = createAnthropic({ apiKey: 'k', baseURL: upstream.parts });
  const telemetry = {
    functionId: 'planner',
    integrations: [integration],
    includeRuntimeContext: { userId: true, sessionId: true },
  };
  const settings = { maxRetries: 0, telemetry, runtimeContext };
  const model = openai.chat('openai/gpt-4o');
  for (const asked of [model, parts.chat('m'), parts.responses('m'), claude('m')]) {
    await generateText({ ...settings, model: asked, prompt: SECRET });
    await streamText({ ...settings, model: asked, prompt: SECRET }).consumeStream();
  }
  const loop = { ...settings, model, prompt: SECRET, tools, stopWhen: stepCountIs(4) };
  expect((await generateText(loop)).steps).toHaveLength(2);
  await streamText(loop).consumeStream();
  const { object } = await generateObject({ maxRetries: 0, telemetry, model, prompt: 'as JSON', schema });
  expect(object).toEqual({ city: 'Paris' });
  const stream = streamObject({ maxRetries: 0, telemetry, model, prompt: 'as JSON', schema });
  for await (const _part of stream.partialObjectStream);
  const embedding = openai.embedding('text-embedding-3-small');
  await embed({ ...settings, model: embedding, value: SECRET });
  await embedMany({ ...settings, model: embedding, values: [SECRET, SECRET] });
  await expect(generateText({ ...settings, model: openai.chat(FAILING), prompt: SECRET })).rejects.toThrow();
}

async function send(
  run: (tracer: ReturnType<NodeTracerProvider['getTracer']>) => Promise<void>,
): Promise<void> {
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  await run(provider.getTracer('ai'));
  await provider.shutdown();
}

/** Objects come without what was written to a cache; embeddings say nothing of parts and how they ended. */
const leftOut = (said: Said): Partial<Said> => ({
  cost: null,
  ...(said.promptTokens === OBJECT_PROMPT_TOKENS ? { cacheWriteTokens: null } : {}),
  ...(isEmbedding(said) ? NO_PARTS : {}),
});
const isEmbedding = (said: Said) => said.model.startsWith('text-embedding');
const NO_PARTS = { cachedTokens: null, cacheWriteTokens: null, reasoningTokens: null, finishReason: null };

test('spans by the GenAI conventions: each step once, the agent and its steps not at all', async () => {
  await send((tracer) => useEverything(new OpenTelemetry({ tracer, usage: true })));
  const { answers: records, failures } = await receiver.newRecords();
  const { heard, said } = bothSides(records, upstream, leftOut, ['streamed']);
  expect(said).toHaveLength(16);
  expect(heard).toEqual(said);
  // Only the time of the first chunk tells that an answer was streamed, and streamed objects have none.
  for (const [i, record] of records.entries()) {
    expect(record.streamed, `record ${i}`).toBe(record.latencyMs === null ? null : true);
    expect(record.provider).toBe(i === 6 || i === 7 ? 'anthropic' : 'openai');
  }
  expect(records.map((r) => r.latencyMs !== null)).toEqual(
    upstream.said.map((s, i) => s.streamed === true && i !== 13),
  );
  expect(records.map((r) => r.toolsOffered)).toEqual(
    records.map((_r, i) => (i >= 8 && i <= 11 ? true : null)),
  );
  expect(failures).toMatchObject([{ model: FAILING, status: 429, promptTokens: null, totalTokens: 0 }]);
  expect(await receiver.filesWith(SECRET)).toEqual([]);
});

test('a user and a session that the SDK puts on the spans of agents alone are those of the steps below', async () => {
  const context = { userId: 'ada@example.org', sessionId: 'session-1' };
  const integration = (tracer: ReturnType<NodeTracerProvider['getTracer']>) =>
    new OpenTelemetry({ tracer, runtimeContext: true });
  await send((tracer) => useEverything(integration(tracer), context));
  const { answers, failures } = await receiver.newRecords();
  const [account, session] = [receiver.hashAccount(context.userId), receiver.hashSession(context.sessionId)];
  expect(answers).toHaveLength(16);
  // The SDK gives no context along with objects.
  const isObject = (i: number) => i === 12 || i === 13;
  expect(answers.map((r) => [r.account, r.session])).toEqual(
    answers.map((_r, i) => (isObject(i) ? [null, null] : [account, session])),
  );
  expect(failures).toMatchObject([{ account, session }]);
});

test('without more settings reasoning tokens are unknown, never 0', async () => {
  await send((tracer) => useEverything(new OpenTelemetry({ tracer })));
  const { answers } = await receiver.newRecords();
  const { heard, said } = bothSides(answers, upstream, (s) => ({ ...leftOut(s), reasoningTokens: null }), [
    'streamed',
  ]);
  expect(heard).toEqual(said);
});

test('spans of older versions, with the user and session that an application gives along', async () => {
  const context = { userId: 'ada@example.org', sessionId: 'session-1' };
  await send((tracer) => useEverything(new LegacyOpenTelemetry({ tracer }), context));
  const { answers: records, failures } = await receiver.newRecords();
  const { heard, said } = bothSides(records, upstream, leftOut);
  expect(heard).toEqual(said);
  expect(failures).toMatchObject([{ model: FAILING, promptTokens: null, totalTokens: 0 }]);
  expect(records.filter((r) => r.latencyMs !== null)).toHaveLength(7);
  const account = receiver.hashAccount('ada@example.org');
  // The SDK gives no context along with objects.
  expect(records.map((r) => r.account)).toEqual(
    records.map((_r, i) => (i === 12 || i === 13 ? null : account)),
  );
  expect(await receiver.filesWith(SECRET)).toEqual([]);
});
