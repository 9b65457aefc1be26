/** Langfuse's SDK, which sends to a path of its own, with nothing changed but its base URL and its keys. */
import { observeOpenAI } from '@langfuse/openai';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { propagateAttributes, startActiveObservation, startObservation } from '@langfuse/tracing';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bothSides, openReceiver, type Receiver } from './receiver.fixture.ts';
import { FAILING, openUpstream, SECRET, type Upstream } from './upstream.fixture.ts';
import { useOpenAI } from './use-openai.fixture.ts';

let receiver: Receiver;
let upstream: Upstream;
beforeAll(async () => {
  [receiver, upstream] = await Promise.all([openReceiver('admin-secret'), openUpstream()]);
  process.env.LANGFUSE_BASE_URL = receiver.url;
  process.env.LANGFUSE_PUBLIC_KEY = 'pk-any';
  process.env.LANGFUSE_SECRET_KEY = await receiver.ingestKey();
});
afterAll(async () => {
  await receiver.close();
  await upstream.close();
});

test('observed calls and observations made by hand: tokens, cost, time to first token', async () => {
  const provider = new NodeTracerProvider({ spanProcessors: [new LangfuseSpanProcessor()] });
  provider.register();
  const caller = { userId: 'ada@example.org', sessionId: 'session-1' };
  const connect = (baseURL: string) =>
    observeOpenAI(new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 }), caller);
  await startActiveObservation(
    'agent',
    async (agent) => {
      agent.update({ input: SECRET, output: SECRET, metadata: { note: SECRET } });
      await useOpenAI(connect, upstream, FAILING);
    },
    { asType: 'agent' },
  );
  await propagateAttributes(caller, async () => {
    startObservation(
      'by hand',
      {
        model: 'claude-sonnet-4-5',
        input: SECRET,
        output: SECRET,
        usageDetails: {
          input: 550,
          cache_read_input_tokens: 400,
          cache_creation_input_tokens: 50,
          output: 100,
        },
        costDetails: { input: 0.001, output: 0.002, total: 0.003 },
      },
      { asType: 'generation' },
    ).end();
    startObservation('a tool', { input: SECRET }, { asType: 'tool' }).end();
  });
  await provider.shutdown();

  const { answers: records, failures } = await receiver.newRecords();
  const byHand = records.pop();
  // Embeddings come without their tokens. An observation does not tell how an answer ended.
  const told = upstream.said.filter((s) => !s.model.startsWith('text-embedding'));
  const { heard, said } = bothSides(records, { said: told }, () => ({ cost: null, finishReason: null }), [
    'streamed',
  ]);
  expect(said).toHaveLength(9);
  expect(heard).toEqual(said);
  // Responses' own parameters take the place of what was asked for, so their stream is told by its first token.
  expect(records.map((r) => r.streamed === true)).toEqual(told.map((s) => s.streamed));
  expect(records.map((r) => r.latencyMs !== null)).toEqual(told.map((s) => s.streamed));
  expect(byHand).toMatchObject({
    model: 'claude-sonnet-4-5',
    promptTokens: 1000,
    cachedTokens: 400,
    cacheWriteTokens: 50,
    completionTokens: 100,
    cost: 0.003,
  });
  // Langfuse writes that a failed call cost 0, which nobody knows.
  expect(failures).toMatchObject([{ model: FAILING, totalTokens: 0, promptTokens: null, cost: null }]);
  for (const record of [...records, ...failures, byHand])
    expect(record).toMatchObject({
      account: receiver.hashAccount('ada@example.org'),
      session: receiver.hashSession('session-1'),
    });
  expect(await receiver.filesWith(SECRET)).toEqual([]);
});
