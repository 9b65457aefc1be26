/** Several processes carry the traffic; to clients, to limits and to the report they are one server. */
import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { asJson, type SentSpan } from '../bench/otlp-spans.ts';
import { recordedIds } from '../bench/recorded-ids.ts';
import { type ServerProcess, startServer } from '../testing/server-process.ts';
import { withinAMinute } from '../testing/within-a-minute.ts';
import { temporaryDirectory } from '../testing/workspace.ts';
import { segmentOwner } from '../warehouse/segment.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: ServerProcess;
let data: string;
beforeAll(async () => {
  directory = await temporaryDirectory();
  data = join(directory.path, 'data');
  server = await startServer({ data, config: {}, args: ['--workers', '2'] });
});
afterAll(async () => {
  await server.stop('SIGKILL');
  await directory[Symbol.asyncDispose]();
});

const ask = (more: object = {}, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1/chat/completions`, {
    method: 'POST',
    // Connections are dealt out to the workers in turn.
    headers: { connection: 'close', ...headers },
    body: JSON.stringify({
      model: 'stateai/sandbox',
      messages: [{ role: 'user', content: 'Hello.' }],
      ...more,
    }),
  });
const span = (n: number): SentSpan => ({
  traceId: n.toString(16).padStart(32, '0'),
  spanId: n.toString(16).padStart(16, '0'),
  name: 'chat gpt-4o',
  start: Date.now() - 2000,
  end: Date.now() - 1000,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.provider.name': 'openai',
    'gen_ai.usage.input_tokens': n,
    'gen_ai.usage.output_tokens': 1,
  },
});
/** Processes that settle records are children of the first one too. */
const workers = () =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(server.child.pid)])
    .toString()
    .split('\n')
    .filter((line) => line.includes(' start '))
    .map((line) => Number.parseInt(line, 10));

test('both carry traffic; metrics, single generations and the report are of both', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 10; i++) ids.push((await (await ask()).json()).id);
  for (const id of ids) {
    const response = await fetch(`${server.url}/api/v1/generation?id=${id}`);
    expect((await response.json()).data).toMatchObject({ id, provider_name: 'StateAI' });
  }
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const counts = [...metrics.matchAll(/^gen_ai_server_request_duration_seconds_count\{.*\} (\d+)$/gm)];
  expect(counts.reduce((sum, c) => sum + Number(c[1]), 0)).toBe(10);
  const endpoints = await fetch(`${server.url}/api/v1/models/stateai/sandbox/endpoints`);
  expect((await endpoints.json()).data.endpoints[0]).toMatchObject({ uptime_last_5m: 100 });
  await vi.waitFor(async () => expect(new Set(await recordedIds(data))).toEqual(new Set(ids)), {
    timeout: 20_000,
  });
});

test('what is no traffic is passed on, answers and streams alike', async () => {
  const stats = await fetch(`${server.url}/stats/v1/datasets`);
  expect(stats.status).toBe(200);
  expect((await fetch(`${server.url}/api/v1/nothing`)).status).toBe(404);
  const events = await fetch(`${server.url}/stats/v1/admin/traffic/events`);
  const reader = events.body?.getReader();
  await reader?.read();
  void ask();
  const { value } = (await reader?.read()) ?? {};
  expect(Buffer.from(value ?? []).toString()).toContain('event: generation');
  await reader?.cancel();
});

test('a key and its limit hold in every worker', async () => {
  const made = await fetch(`${server.url}/stats/v1/admin/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'limited', limits: { requestsPerMinute: 10 } }),
  });
  const { secret, key } = await made.json();
  // From the first key on nobody is let in without one.
  await vi.waitFor(async () => expect((await ask()).status).toBe(401), { timeout: 10_000 });
  const headers = { authorization: `Bearer ${secret}` };
  await withinAMinute(10);
  const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await ask({}, headers)).status));
  expect(statuses.filter((s) => s === 200).length).toBeLessThanOrEqual(10);
  expect(statuses.filter((s) => s === 200).length).toBeGreaterThan(0);
  expect(statuses.every((s) => s === 200 || s === 429)).toBe(true);
  await fetch(`${server.url}/stats/v1/admin/keys/${key.hash}`, { method: 'DELETE' });
  expect((await ask({}, headers)).status).toBe(401);
});

test('records come in at the workers, which keep them when they die, count once and are of their key', async () => {
  const send = (path: string, body: unknown, key?: string) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: {
        connection: 'close',
        'content-type': 'application/json',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
      },
      body: JSON.stringify(body),
    });
  const record = (n: number) => ({
    id: `door-${n}`,
    createdAt: Date.now() - 1000,
    model: 'a/b',
    promptTokens: n,
  });
  const spans = (n: number) =>
    JSON.parse(asJson([{ resource: {}, scope: 'x', spans: [span(n)] }]).toString());
  const keyWith = async (more: object) =>
    (await (await send('/stats/v1/admin/keys', { name: 'sender', ...more })).json()).secret;
  const secret = await keyWith({ ingest: true });
  expect((await send('/stats/v1/generations', [record(1)], await keyWith({}))).status).toBe(403);
  for (let n = 1; n <= 6; n++) {
    expect((await send('/stats/v1/generations?dataset=doors', [record(n)], secret)).status).toBe(200);
    expect((await send('/stats/v1/generations?dataset=doors', [record(n)], secret)).status).toBe(200);
    expect((await send('/v1/traces?dataset=doors', spans(n), secret)).status).toBe(200);
  }
  const owners = new Set((await readdir(join(data, 'datasets/doors/journal'))).map(segmentOwner));
  expect([...owners].sort()).toEqual(workers().sort());
  const [first] = workers();
  process.kill(first ?? 0, 'SIGKILL');
  await vi.waitFor(
    async () => {
      const { datasets } = await (await fetch(`${server.url}/stats/v1/datasets`)).json();
      const doors = datasets.find((d: { name: string }) => d.name === 'doors');
      expect(doors).toMatchObject({ requests: 12 });
    },
    // A dataset rests three times as long as it took to settle, on a busy machine up to half a minute, and more than once.
    { timeout: 180_000, interval: 200 },
  );
  const { doors } = await (await fetch(`${server.url}/stats/v1/doors?dataset=doors`)).json();
  expect(doors.find((d: { door: string }) => d.door === 'otlp')).toMatchObject({ state: 'active' });
  await vi.waitFor(() => expect(workers().filter((w) => w !== first)).toHaveLength(2), { timeout: 30_000 });
}, 300_000);

/** A stream of some seconds, begun. */
const slowStream = async (url: string, key: Record<string, string> = {}) => {
  const response = await fetch(`${url}/api/v1/chat/completions`, {
    method: 'POST',
    headers: { connection: 'close', ...key },
    body: JSON.stringify({
      model: 'stateai/sandbox-slow',
      stream: true,
      messages: [{ role: 'user', content: 'Hello.' }],
    }),
  });
  expect(response.status).toBe(200);
  return { id: response.headers.get('x-generation-id'), text: response.text() };
};

test('a worker that is told to stop gets nobody new, is replaced, and ends what it had begun', async () => {
  const made = await fetch(`${server.url}/stats/v1/admin/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'patient' }),
  });
  const key = { authorization: `Bearer ${(await made.json()).secret}` };
  const before = workers();
  const streams = await Promise.all([0, 1, 2, 3].map(() => slowStream(server.url, key)));
  process.kill(before[0] ?? 0, 'SIGTERM');
  await sleep(100);
  const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await ask({}, key)).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
  for (const { text } of streams) expect(await text).toMatch(/data: \[DONE\]\n\n$/);
  await vi.waitFor(() => expect(workers().filter((w) => !before.includes(w))).toHaveLength(1), {
    timeout: 30_000,
  });
  await vi.waitFor(() => expect(workers()).toHaveLength(2), { timeout: 30_000 });
});

test('where the first process is killed, workers end what they had begun, and it is recorded', async () => {
  const own = join(directory.path, 'own');
  const other = await startServer({ data: own, config: {}, args: ['--workers', '1'] });
  const { id, text } = await slowStream(other.url);
  await other.stop('SIGKILL');
  expect(await text).toMatch(/data: \[DONE\]\n\n$/);
  await vi.waitFor(async () => expect(await recordedIds(own)).toEqual([id]), { timeout: 20_000 });
});

test('a worker that dies leaves no client waiting, and is replaced; stopping ends all', async () => {
  const [first] = workers();
  expect(workers()).toHaveLength(2);
  process.kill(first ?? 0, 'SIGKILL');
  // A connection that it had is cut off with it, one that was on its way to it goes to the other.
  const ends = await Promise.all(
    Array.from({ length: 8 }, () =>
      fetch(`${server.url}/api/v1/models`, {
        headers: { connection: 'close' },
        signal: AbortSignal.timeout(20_000),
      }).then(
        (response) => response.status,
        (error) => error.cause?.code ?? error.name,
      ),
    ),
  );
  expect(ends.filter((end) => end !== 401 && end !== 200 && end !== 'ECONNRESET')).toEqual([]);
  // While it is gone and the next one starts, what the other one measured is told.
  const metrics = async () =>
    (await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } })).text();
  await vi.waitFor(() => expect(workers().filter((w) => w !== first)).toHaveLength(2), { timeout: 30_000 });
  expect(await metrics()).toContain('process_cpu_seconds_total');
  await vi.waitFor(async () => expect((await ask()).status).toBe(401), { timeout: 30_000 });
  const before = workers();
  expect(await server.stop('SIGTERM')).toBe(0);
  for (const pid of before) expect(() => process.kill(pid, 0)).toThrow();
});
