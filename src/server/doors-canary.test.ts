/** What senders write around the numbers stays nowhere: not on the disk, not in what is told, not in memory. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { asJson, asProtobuf, type SentScope, type SentValue } from '../bench/otlp-spans.ts';
import { createCanaries } from '../gateway/privacy/canaries.fixture.ts';
import { heapSnapshot, snapshotArgs } from '../gateway/privacy/heap-snapshot.fixture.ts';
import { type Found, scanBytes, scanDirectory, scanPlain } from '../gateway/privacy/scanner.fixture.ts';
import { type Call, spanOf, WRITERS } from '../ingest/otlp/conventions.fixture.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { temporaryDirectory } from '../testing/workspace.ts';

const canaries = createCanaries();
const plant = canaries.next;
/** Stands in names that are recorded by contract: where it is not found, nothing was looked at. */
const control = createCanaries().marker;

// A whole server, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: ServerProcess;
const answers: string[] = [];
const at = (name: string) => join(directory.path, name);

/** Attributes that hold text, as they are named in one convention or another. */
const TEXTS = [
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.prompt.0.content',
  'gen_ai.completion.0.content',
  'gen_ai.tool.definitions',
  'llm.request.functions.0.description',
  'llm.prompts',
  'llm.input_messages.0.message.content',
  'llm.output_messages.0.message.content',
  'llm.tools.0.tool.json_schema',
  'llm.invocation_parameters',
  'input.value',
  'output.value',
  'metadata',
  'ai.prompt',
  'ai.prompt.messages',
  'ai.prompt.tools',
  'ai.response.text',
  'ai.response.object',
  'langfuse.observation.input',
  'langfuse.observation.output',
  'langfuse.observation.status_message',
  'langfuse.trace.input',
  'langfuse.trace.name',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'span.input',
  'span.output',
  'trace.input',
  'trace.output',
  'trace.name',
  'trace.metadata.note',
  'exception.message',
  'error.type',
  'url.full',
  'server.address',
];
const messages = (text: string) =>
  JSON.stringify([{ role: 'user', content: text, parts: [{ type: 'text', content: text }] }]);

let calls = 0;
function newCall(): Call {
  const id = (++calls).toString(16);
  return {
    traceId: id.padStart(32, 'a'),
    spanId: id.padStart(16, 'b'),
    start: Date.now() - 60_000,
    durationMs: 1000,
    model: `openai/${control}`,
    provider: control,
    user: plant('user'),
    session: plant('session'),
    app: control,
    prompt: 100,
    cached: 10,
    cacheWrite: 10,
    completion: 50,
    reasoning: 10,
    cost: 0.01,
    finishReason: 'stop',
    latencyMs: 100,
  };
}

/** One span of each convention with a canary wherever one fits. */
const everywhere = (): SentScope[] =>
  WRITERS.flatMap((writer) =>
    // As text, as messages, and long enough for no name.
    [
      plant,
      (name: string) => messages(plant(name)),
      (name: string) => `${plant(name)} ${'long '.repeat(300)}`,
    ].map((text, i): SentScope => {
      const call = newCall();
      const where = `${writer.name} ${i}`;
      const span = spanOf(writer, call);
      const known = new Set(Object.keys(span.attributes));
      const texts: Record<string, SentValue> = Object.fromEntries(
        TEXTS.filter((key) => !known.has(key)).map((key) => [key, text(`${key} of ${where}`)]),
      );
      return {
        resource: {
          'service.name': call.app,
          ...writer.write(call).resource,
          'process.command_line': text(`resource of ${where}`),
        },
        scope: i === 2 ? text(`scope of ${where}`) : writer.scope,
        scopeAttributes: { note: text(`scope attribute of ${where}`) },
        spans: [
          {
            ...span,
            name: text(`name of ${where}`),
            statusMessage: text(`status of ${where}`),
            attributes: {
              ...span.attributes,
              ...texts,
              [plant(`key of ${where}`)]: 'x',
              list: [text(`list of ${where}`)],
            },
            events: [
              ...(span.events ?? []),
              {
                name: text(`event of ${where}`),
                at: call.start,
                attributes: { 'exception.message': text(`event attribute of ${where}`) },
              },
            ],
            links: [{ ...span, attributes: { note: text(`link of ${where}`) } }],
          },
        ],
      };
    }),
  );

async function send(
  body: Buffer | string,
  type: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const path = type === 'ndjson' ? '/stats/v1/generations' : '/v1/traces';
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': `application/${type}`, ...headers },
    body: body as BodyInit,
  });
  answers.push(JSON.stringify([...response.headers]), await response.text());
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  for (const name of ['tmp', 'heap']) await mkdir(at(name));
  server = await startServer({
    data: at('data'),
    env: { TMPDIR: at('tmp'), STATEAI_LOG: 'info' },
    nodeArgs: snapshotArgs(at('heap')),
    // Every text is read, and none is kept.
    config: { sampleRate: 1 },
  });
  const protobuf = { 'content-encoding': 'gzip' };
  await send(gzipSync(asProtobuf(everywhere())), 'x-protobuf', protobuf);
  const json = asJson(everywhere());
  await send(json, 'json');
  // Refused as a whole, in part, and cut off.
  await send(json.subarray(0, json.length - 300), 'json');
  await send(asProtobuf(everywhere()).subarray(0, 30_000), 'x-protobuf');
  await send(plant('no JSON'), 'json');
  await send(plant('no protobuf'), 'x-protobuf');
  await send(plant('another type'), 'of-another-type');
  await send(gzipSync(plant('gzip')), 'json', protobuf);
  const call = newCall();
  const bad = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 5 };
  await send(
    asJson([
      {
        resource: { 'service.name': `${plant('app')} ${plant('app')}` },
        scope: '',
        spans: [
          {
            ...call,
            name: '',
            end: call.start,
            attributes: { ...bad, 'gen_ai.request.model': plant('model') },
          },
          {
            ...call,
            spanId: '7'.repeat(16),
            name: '',
            end: call.start,
            attributes: {
              ...bad,
              'gen_ai.request.model': control,
              'gen_ai.response.finish_reasons': [plant('finish reason')],
              'gen_ai.provider.name': `${plant('provider')} ${plant('provider')}`,
              'gen_ai.usage.output_tokens': plant('tokens'),
            },
          },
        ],
      },
    ]),
    'json',
  );
  const record = {
    id: 'r',
    createdAt: Date.now(),
    model: control,
    promptTokens: 1,
    account: plant('account'),
  };
  await send(
    [
      JSON.stringify({ ...record, prompt: plant('unknown field'), session: plant('session') }),
      JSON.stringify({ ...record, id: 's', cost: plant('wrong type') }),
      `{"id": "${plant('broken line')}`,
      JSON.stringify(plant('no object')),
    ].join('\n'),
    'ndjson',
  );
  await vi.waitFor(
    async () => {
      const { datasets } = JSON.parse(await get('/stats/v1/datasets'));
      expect(datasets[0]?.requests).toBe(2 * 3 * WRITERS.length + 2);
    },
    { timeout: 60_000, interval: 300 },
  );
});
afterAll(async () => {
  await server?.stop('SIGKILL');
  await directory?.[Symbol.asyncDispose]();
});

const get = async (path: string): Promise<string> => (await fetch(server.url + path)).text();
const leaks = (found: Found[]): string[] => [
  ...new Set(
    found.map((f) => `${canaries.namesIn(f.near).join(', ') || f.near} in ${f.where} (${f.encoding})`),
  ),
];

test('the texts were read: every generation with text was sampled and labelled', async () => {
  const metrics = await get('/metrics');
  const count = (name: string) =>
    Number(new RegExp(`^stateai_${name}_total (\\d+)$`, 'm').exec(metrics)?.[1]);
  expect(count('generations_sampled')).toBe(2 * 3 * WRITERS.length);
  expect(count('generations_labelled')).toBe(count('generations_sampled'));
});

test('no answer holds a canary, nor what the server tells', async () => {
  const told = [...answers];
  for (const path of [
    '/metrics',
    '/stats/v1/datasets',
    ...['model', 'provider', 'app'].map((key) => `/stats/v1/datasets/live/values?key=${key}`),
  ])
    told.push(await get(path));
  expect(leaks(await scanBytes(Buffer.from(told.join('\n')), canaries.marker, 'answers'))).toEqual([]);
  expect(scanPlain(Buffer.from(told.join('\n')), control, 'answers')).not.toEqual([]);
});

test('no canary is left in memory', async () => {
  // Ordinary requests follow.
  for (let i = 0; i < 20; i++) await send('{}', 'json');
  const text = await heapSnapshot(at('heap'), server.child.pid ?? 0);
  expect(leaks(scanPlain(text, canaries.marker, 'heap'))).toEqual([]);
  // Long strings stand in it whole: this one behind thousands of characters of source.
  expect(text.includes('The built page lies in dist/web')).toBe(true);
});

test('no canary is left on the disk, nor in what the process printed', async () => {
  expect(await server.stop()).toBe(0);
  for (const name of ['data', 'tmp']) {
    await writeFile(join(at(name), 'planted'), control);
    expect(leaks(await scanDirectory(at(name), canaries.marker))).toEqual([]);
  }
  const where = (await scanDirectory(at('data'), control)).map((f) => f.where);
  expect(where.some((w) => w.startsWith('rows of') && w.includes('/lake/'))).toBe(true);
  const doors = await readdir(at('data/datasets/live/doors'));
  expect(doors.sort()).toEqual(['http', 'openrouter-broadcast', 'otlp']);
  const { stdout, stderr } = server.output();
  expect(leaks(await scanBytes(Buffer.from(stdout + stderr), canaries.marker, 'output'))).toEqual([]);
});
