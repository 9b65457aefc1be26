/** OpenLLMetry's instrumentation of OpenAI's SDK. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
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

test('every answer whose tokens it tells is a record; streamed ones come without, and are named', async () => {
  const exporter = new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` });
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  const instrumentation = new OpenAIInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.manuallyInstrument(OpenAI);
  await provider.getTracer('my-app').startActiveSpan('agent', async (agent) => {
    await useOpenAI((baseURL) => new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 }), upstream, FAILING);
    agent.end();
  });
  await provider.shutdown();

  const told = upstream.said.filter((s) => !s.streamed && !s.model.startsWith('text-embedding'));
  const { answers, failures } = await receiver.newRecords();
  const { heard, said } = bothSides(answers, { said: told }, () => ({
    cachedTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
    cost: null,
    streamed: null,
  }));
  expect(said).toHaveLength(6);
  expect(heard).toEqual(said);
  // It never ends the span of a call that fails.
  expect(failures).toEqual([]);
  const counts = await receiver.door('otlp', (d) => d.accepted === 6);
  expect(counts.reasons).toEqual([{ reason: expect.stringMatching(/token/), count: 3 }]);
  expect(await receiver.filesWith(SECRET)).toEqual([]);
});
