/** The OpenTelemetry SDK for JavaScript and its exporters, with spans as the GenAI conventions want them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bothSides, openReceiver, type Receiver } from './receiver.fixture.ts';
import { openUpstream, SECRET, type Upstream } from './upstream.fixture.ts';

let receiver: Receiver;
let upstream: Upstream;
beforeAll(async () => {
  [receiver, upstream] = await Promise.all([openReceiver(), openUpstream()]);
  // As a user configures the SDK.
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
  process.env.OTEL_EXPORTER_OTLP_COMPRESSION = 'gzip';
});
afterAll(async () => {
  await receiver.close();
  await upstream.close();
});

/** Asks, and tells of it in a span. */
async function ask(tracer: Tracer, baseURL: string, streamed: boolean): Promise<void> {
  const client = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: SECRET }];
  const begun = performance.now();
  const span = tracer.startSpan('chat openai/gpt-4o', {
    kind: SpanKind.CLIENT,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'openai/gpt-4o',
      'gen_ai.request.stream': streamed,
      'gen_ai.conversation.id': 'session-1',
      'user.id': 'ada@example.org',
      'gen_ai.input.messages': JSON.stringify(messages),
    },
  });
  const request = { model: 'openai/gpt-4o', messages };
  const answers: { id: string; model: string; usage?: OpenAI.CompletionUsage | null; reason?: string }[] = [];
  if (streamed) {
    const stream_options = { include_usage: true };
    for await (const c of await client.chat.completions.create({
      ...request,
      stream: true,
      stream_options,
    })) {
      if (answers.length === 0)
        span.setAttribute('gen_ai.response.time_to_first_chunk', (performance.now() - begun) / 1000);
      answers.push({ ...c, reason: c.choices[0]?.finish_reason ?? undefined });
    }
  } else {
    const c = await client.chat.completions.create(request);
    answers.push({ ...c, reason: c.choices[0]?.finish_reason });
  }
  const usage = answers.at(-1)?.usage;
  const prompt = usage?.prompt_tokens_details as { cached_tokens: number; cache_write_tokens: number };
  span.setAttributes({
    'gen_ai.response.id': answers[0]?.id,
    'gen_ai.response.model': answers[0]?.model,
    'gen_ai.response.finish_reasons': answers.flatMap((a) => a.reason ?? []),
    'gen_ai.usage.input_tokens': usage?.prompt_tokens,
    'gen_ai.usage.output_tokens': usage?.completion_tokens,
    'gen_ai.usage.cache_read.input_tokens': prompt.cached_tokens,
    'gen_ai.usage.cache_creation.input_tokens': prompt.cache_write_tokens,
    'gen_ai.usage.reasoning.output_tokens': usage?.completion_tokens_details?.reasoning_tokens,
    'gen_ai.output.messages': SECRET,
  });
  span.end();
}

/** An agent that asks four times, uses a tool and fails once. Its own span repeats the sum of what it used. */
async function runAgent(provider: NodeTracerProvider): Promise<void> {
  const tracer = provider.getTracer('my-app');
  await tracer.startActiveSpan('invoke_agent helper', async (agent) => {
    for (const url of [upstream.url, upstream.parts])
      for (const streamed of [false, true]) await ask(tracer, url, streamed);
    tracer
      .startSpan('execute_tool weather', {
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.call.arguments': SECRET },
      })
      .end();
    tracer.startSpan('GET /', { kind: SpanKind.SERVER, attributes: { 'http.request.method': 'GET' } }).end();
    agent.setAttributes({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'openai/gpt-4o',
      'gen_ai.usage.input_tokens': 4000,
      'gen_ai.usage.output_tokens': 400,
    });
    agent.setStatus({ code: SpanStatusCode.OK });
    agent.end();
  });
}

test('protobuf and JSON exporters, compressed: every generation once, as the upstream counted it', async () => {
  for (const exporter of [new ProtobufExporter(), new JsonExporter()]) {
    const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    provider.register();
    await runAgent(provider);
    await provider.shutdown();
    trace.disable();
  }
  const { answers: records } = await receiver.newRecords();
  // The conventions have no attribute for money.
  const { heard, said } = bothSides(records, upstream, () => ({ cost: null }));
  expect(said).toHaveLength(8);
  expect(heard).toEqual(said);
  for (const record of records) {
    expect(record).toMatchObject({
      provider: 'openai',
      account: receiver.hashAccount('ada@example.org'),
      session: receiver.hashSession('session-1'),
      source: 'otlp',
      requests: 1,
      durationMs: expect.any(Number),
    });
    expect(record.latencyMs === null).toBe(record.streamed === false);
  }
  const counts = await receiver.door('otlp', (d) => d.accepted === 8);
  expect(counts).toMatchObject({ ignored: 6, rejected: 0 });
  expect(await receiver.filesWith(SECRET)).toEqual([]);
});

test('an exporter that was told to wait, and one that missed the answer, send again: nothing is lost or doubled', async () => {
  let requests = 0;
  const front = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests++;
    if (requests === 1) return response.writeHead(503, { 'retry-after': '1' }).end();
    const answer = await fetch(receiver.url + request.url, {
      method: 'POST',
      headers: {
        'content-type': request.headers['content-type'] ?? '',
        'content-encoding': request.headers['content-encoding'] ?? '',
      },
      body: Buffer.concat(chunks),
    });
    if (requests === 2) return response.destroy();
    return response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = front.address() as AddressInfo;
    const exporter = new ProtobufExporter({ url: `http://127.0.0.1:${port}/v1/traces` });
    const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
    const before = upstream.said.length;
    await ask(provider.getTracer('my-app'), upstream.url, false);
    await provider.shutdown();
    expect(requests).toBe(3);
    const { answers } = await receiver.newRecords();
    const { heard, said } = bothSides(answers, { said: upstream.said.slice(before) }, () => ({ cost: null }));
    expect(said).toHaveLength(1);
    expect(heard).toEqual(said);
  } finally {
    front.closeAllConnections();
    front.close();
  }
});
