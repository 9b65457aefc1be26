/**
 * The live doors over loopback, a server in a process of its own: spans that OTLP acknowledges a second, records that HTTP
 * ingest acknowledges a second, and whether all that was acknowledged is there after the server was killed.
 */
import { join } from 'node:path';
import { Agent, type Dispatcher } from 'undici';
import { CLI, run } from './gateway/processes.ts';
import { judge, type Measurement } from './measure.ts';
import { asJson, asProtobuf, type SentSpan } from './otlp-spans.ts';
import { recordedIds } from './recorded-ids.ts';
import { makeScratch, removeScratch } from './scratch.ts';

const SPANS = 100_000;
const SPANS_A_BATCH = 500;
const RECORDS = 50_000;
const RECORDS_A_BATCH = 100;
const CONNECTIONS = 8;
/** What a second must bring. */
const WANTED = 20_000;
/** Batches acknowledged before the server is killed. */
const KILLED_AFTER = 60;

export async function benchDoors(say: (text: string) => void): Promise<Measurement[]> {
  const directory = await makeScratch('doors');
  try {
    const out: Measurement[] = [];
    for (const encoding of ['protobuf', 'json'] as const)
      out.push(await benchSpans(directory, encoding, say));
    out.push(await benchRecords(directory, say), await benchKill(directory, say));
    return out;
  } finally {
    await removeScratch(directory);
  }
}

interface Batch {
  path: string;
  type: string;
  body: Buffer | string;
}

async function benchSpans(
  directory: string,
  encoding: 'protobuf' | 'json',
  say: (text: string) => void,
): Promise<Measurement> {
  say(`Sending ${SPANS.toLocaleString('en-GB')} spans as ${encoding}`);
  const batches = Array.from({ length: SPANS / SPANS_A_BATCH }, (_, i) => spanBatch(i, encoding));
  const { seconds, cpu, kept } = await measured(join(directory, encoding), batches);
  if (kept !== SPANS) throw new Error(`${kept} of ${SPANS} spans are in the dataset`);
  return perSecond(`OTLP ${encoding}, batches of ${SPANS_A_BATCH}`, 'spans', SPANS, seconds, cpu, batches);
}

async function benchRecords(directory: string, say: (text: string) => void): Promise<Measurement> {
  say(`Sending ${RECORDS.toLocaleString('en-GB')} records`);
  const batches = Array.from({ length: RECORDS / RECORDS_A_BATCH }, (_, i) => recordBatch(i));
  const { seconds, cpu, kept } = await measured(join(directory, 'http'), batches);
  if (kept !== RECORDS) throw new Error(`${kept} of ${RECORDS} records are in the dataset`);
  return perSecond(`HTTP ingest, batches of ${RECORDS_A_BATCH}`, 'records', RECORDS, seconds, cpu, batches);
}

function perSecond(
  name: string,
  unit: string,
  count: number,
  seconds: number,
  cpu: number,
  batches: readonly Batch[],
): Measurement {
  const rate = count / seconds;
  const bytes = batches.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  return judge(
    {
      bench: 'doors',
      name,
      value: `${Math.round(rate).toLocaleString('en-GB')} ${unit}/s`,
      against: `${WANTED.toLocaleString('en-GB')} ${unit}/s`,
      ratio: rate / WANTED,
      detail: {
        [unit]: count,
        seconds,
        serverCpuSeconds: cpu,
        bytesEach: Math.round(bytes / count),
        connections: CONNECTIONS,
      },
    },
    '>=',
    1,
  );
}

/** All that was acknowledged is there after `kill -9`, each once. */
async function benchKill(directory: string, say: (text: string) => void): Promise<Measurement> {
  say('Killing a server while spans arrive');
  const data = join(directory, 'killed');
  const server = await started(data);
  const batches = Array.from({ length: 4 * KILLED_AFTER }, (_, i) =>
    spanBatch(i, i % 2 === 0 ? 'protobuf' : 'json'),
  );
  const acknowledged: number[] = [];
  await sendAll(server.url, batches, (index) => {
    acknowledged.push(index);
    if (acknowledged.length === KILLED_AFTER) server.process.child.kill('SIGKILL');
  }).catch(() => undefined);
  await server.process.stop();
  const ids = await recordedIds(data);
  const known = new Set(ids);
  const expected = acknowledged.flatMap((batch) => idsOf(batch));
  const lost = expected.filter((id) => !known.has(id)).length;
  const twice = ids.length - known.size;
  return judge(
    {
      bench: 'doors',
      name: 'kill -9: acknowledged spans that are missing or there twice',
      value: `${lost + twice} of ${expected.length.toLocaleString('en-GB')}`,
      against: 'none',
      ratio: lost + twice,
      detail: { acknowledged: expected.length, recorded: ids.length, lost, twice },
    },
    '<=',
    0,
  );
}

async function started(data: string): Promise<{ url: string; process: ReturnType<typeof run> }> {
  const process_ = run(process.execPath, [CLI, 'start', '--data', data, '--port', '0', '--no-demo'], null);
  const [, url = ''] = await process_.output(/at (http:\S+)/);
  return { url, process: process_ };
}

/** How long all batches take to be acknowledged, and how many different records are in the dataset afterwards. */
async function measured(
  data: string,
  batches: readonly Batch[],
): Promise<{ seconds: number; cpu: number; kept: number }> {
  const server = await started(data);
  try {
    const cpuBefore = server.process.cpu();
    const start = performance.now();
    await sendAll(server.url, batches);
    const seconds = (performance.now() - start) / 1000;
    const cpu = server.process.cpu() - cpuBefore;
    await server.process.stop();
    return { seconds, cpu, kept: new Set(await recordedIds(data)).size };
  } finally {
    await server.process.stop();
  }
}

/** @throws at the first batch that is not acknowledged */
async function sendAll(
  origin: string,
  batches: readonly Batch[],
  acknowledged: (index: number) => void = () => undefined,
): Promise<void> {
  const agent = new Agent({ connections: CONNECTIONS });
  let next = 0;
  const one = async () => {
    while (next < batches.length) {
      const index = next++;
      const batch = batches[index];
      if (!batch) return;
      await send(agent, origin, batch);
      acknowledged(index);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, one));
  } finally {
    await agent.destroy();
  }
}

async function send(agent: Dispatcher, origin: string, { path, type, body }: Batch): Promise<void> {
  const answer = await agent.request({
    origin,
    path,
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
const spanIdOf = (batch: number, i: number): string => hex(batch * SPANS_A_BATCH + i + 1, 16);
const traceIdOf = (batch: number, i: number): string => `${hex(batch + 1, 16)}${hex(i + 1, 16)}`;
const idsOf = (batch: number): string[] =>
  Array.from({ length: SPANS_A_BATCH }, (_, i) => `otlp:${traceIdOf(batch, i)}:${spanIdOf(batch, i)}`);

const MODELS = ['gpt-5-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash', 'deepseek-chat'];
const WORDS = 'the quick model reads a prompt and answers it with a few words more ';
/** About what a short conversation takes. */
const text = (i: number): string =>
  JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: WORDS.repeat(6 + (i % 6)) }] }]);

/** Chat spans of OpenTelemetry's conventions with the text of the conversation, as instrumentations write them. */
function spanBatch(batch: number, encoding: 'protobuf' | 'json'): Batch {
  const now = Date.now() - 60_000;
  const spans = Array.from({ length: SPANS_A_BATCH }, (_, i): SentSpan => {
    const model = MODELS[i % MODELS.length] ?? '';
    return {
      traceId: traceIdOf(batch, i),
      spanId: spanIdOf(batch, i),
      name: `chat ${model}`,
      start: now + i,
      end: now + i + 800,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': model,
        'gen_ai.request.temperature': 0.7,
        'gen_ai.request.max_tokens': 1024,
        'gen_ai.response.model': model,
        'gen_ai.response.id': `chatcmpl-${batch}-${i}`,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 900 + i,
        'gen_ai.usage.output_tokens': 100 + i,
        'gen_ai.usage.cache_read.input_tokens': 400,
        'gen_ai.input.messages': text(i),
        'gen_ai.output.messages': text(i + 3),
        'user.id': `user-${i % 50}`,
        'session.id': `session-${batch}-${i % 100}`,
        'server.address': 'api.openai.com',
      },
    };
  });
  const scopes = [
    { resource: { 'service.name': 'bench', 'service.version': '1.0.0' }, scope: 'bench', spans },
  ];
  return encoding === 'json'
    ? { path: '/v1/traces', type: 'application/json', body: asJson(scopes) }
    : { path: '/v1/traces', type: 'application/x-protobuf', body: asProtobuf(scopes) };
}

function recordBatch(batch: number): Batch {
  const now = Date.now() - 60_000;
  const lines = Array.from({ length: RECORDS_A_BATCH }, (_, i) =>
    JSON.stringify({
      id: `bench-${batch}-${i}`,
      createdAt: now + i,
      account: `user-${i % 50}`,
      app: 'bench',
      session: `session-${batch}`,
      model: `openai/${MODELS[i % MODELS.length]}`,
      provider: 'OpenAI',
      promptTokens: 900 + i,
      completionTokens: 100 + i,
      cachedTokens: 400,
      cost: 0.00123,
      streamed: true,
      finishReason: 'stop',
      latencyMs: 321.5,
      durationMs: 2345.6,
      country: 'DE',
    }),
  );
  return { path: '/stats/v1/generations', type: 'application/x-ndjson', body: `${lines.join('\n')}\n` };
}
