/** OpenInference's instrumentation of OpenAI's SDK. */
import { setSession, setUser } from '@arizeai/openinference-core';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bothSides, openReceiver, type Receiver } from './receiver.fixture.ts';
import { FAILING, openUpstream, SECRET, type Upstream } from './upstream.fixture.ts';
import { useOpenAI } from './use-openai.fixture.ts';

let receiver: Receiver;
let upstream: Upstream;
beforeAll(async () => {
  [receiver, upstream] = await Promise.all([openReceiver(), openUpstream()]);
});
afterAll(async () => {
  await receiver.close();
  await upstream.close();
});

test('every answer whose tokens it tells is a record; streamed chats come without, and are named', async () => {
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  const instrumentation = new OpenAIInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(OpenAI);
  const connect = (baseURL: string) => new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 });
  const attributes = {
    'openinference.span.kind': 'AGENT',
    'llm.token_count.prompt': 9000,
    'llm.token_count.completion': 900,
    'input.value': SECRET,
  };
  const caller = setUser(setSession(context.active(), { sessionId: 'session-1' }), {
    userId: 'ada@example.org',
  });
  await context.with(caller, () =>
    provider.getTracer('my-app').startActiveSpan('agent', { attributes }, async (agent) => {
      await useOpenAI(connect, upstream, FAILING);
      agent.end();
    }),
  );
  await provider.shutdown();

  const { answers: records, failures } = await receiver.newRecords();
  // It counts no tokens of embeddings, nor where it gathers the chunks of a stream itself, as for chats.
  const told = upstream.said.filter((s, i) => i !== 1 && i !== 3 && !s.model.startsWith('text-embedding'));
  const { heard, said } = bothSides(
    records,
    { said: told },
    ({ streamed }) => ({ cost: null, cacheWriteTokens: null, streamed: streamed || null }),
    ['finishReason'],
  );
  expect(said).toHaveLength(7);
  expect(heard).toEqual(said);
  // It never ends the span of a call that fails.
  expect(failures).toEqual([]);
  // How an answer ended is told of chats only.
  expect(records.map((r) => r.finishReason)).toEqual(
    told.map((s, i) => (i >= 2 && i <= 4 ? null : s.finishReason)),
  );
  for (const record of records)
    expect(record).toMatchObject({
      provider: 'openai',
      account: receiver.hashAccount('ada@example.org'),
      session: receiver.hashSession('session-1'),
      durationMs: expect.any(Number),
    });
  const counts = await receiver.door('otlp', (d) => d.accepted === 7);
  expect(counts.reasons).toEqual([{ reason: expect.stringMatching(/token/), count: 3 }]);
  expect(await receiver.filesWith(SECRET)).toEqual([]);
});
