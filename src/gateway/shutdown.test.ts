/** Killed, stopped or configured anew under load: what is lost, and what is not. */

import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { lakeIds, recordedIds } from '../bench/recorded-ids.ts';
import { chatBody, chatEvents, fakeUpstream, json } from '../testing/gateway.ts';
import { journalIds, type ServerProcess, startServer, writeConfig } from '../testing/server-process.ts';
import { temporaryDirectory } from '../testing/workspace.ts';

// Whole servers under load, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
let server: ServerProcess | null = null;
afterEach(async () => {
  await server?.stop('SIGKILL');
  server = null;
});
afterAll(() => directory[Symbol.asyncDispose]());

const at = (name: string) => join(directory.path, name);
const bodyOf = (more: object = {}) =>
  JSON.stringify({ model: 'stateai/sandbox', messages: [{ role: 'user', content: 'Hello.' }], ...more });
const post = (url: string, body: string) => fetch(`${url}/api/v1/chat/completions`, { method: 'POST', body });

/** Sends requests from so many clients until it is told to stop; keeps what came of each. */
function load(url: string, clients: number, body = bodyOf()) {
  const answered = new Map<string, number>();
  const refused: number[] = [];
  let broken = 0;
  let goes = true;
  const client = async () => {
    while (goes) {
      try {
        const response = await post(url, body);
        const text = await response.text();
        const id = /"id":"(gen-[^"]+)"/.exec(text)?.[1];
        if (response.status === 200 && id) answered.set(id, performance.now());
        else refused.push(response.status);
      } catch {
        broken++;
        await sleep(5);
      }
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    answered,
    refused,
    broken: () => broken,
    async until(count: number) {
      while (answered.size < count) await sleep(5);
    },
    stop() {
      goes = false;
      return all;
    },
  };
}

/**
 * A record is handed to the kernel behind its answer, in the same turn of the event loop, so what a killed process takes
 * with it are answers of that moment: fewer than one of a thousand. (Sampled prompts wait for their labels: with a
 * classifier in this process a moment, and they are one of 400.)
 */
const MOST_LOST = 0.001;
const LAST_MOMENTS_MS = 1000;

test('killed under load: only answers of the last moments are without a record, and none has two', async () => {
  const data = at('killed');
  server = await startServer({ data });
  const traffic = load(server.url, 16);
  await traffic.until(8000);
  server.child.kill('SIGKILL');
  const killed = performance.now();
  await server.ended;
  await traffic.stop();
  // What had begun to settle goes on without its server, and takes records from the journal into the lake.
  const journal = await vi.waitFor(() => journalIds(data), { timeout: 10_000 });
  expect(new Set(journal).size).toBe(journal.length);
  const kept = new Set([...journal, ...(await lakeIds(data))]);
  const lost = [...traffic.answered].filter(([id]) => !kept.has(id));
  for (const [, at] of lost) expect(killed - at).toBeLessThan(LAST_MOMENTS_MS);
  expect(lost.length / traffic.answered.size).toBeLessThanOrEqual(MOST_LOST);

  // The next server takes up what was left in the journal by itself.
  server = await startServer({ data });
  const { url } = server;
  await vi.waitFor(
    async () => {
      const { datasets } = await (await fetch(`${url}/stats/v1/datasets`)).json();
      expect(datasets[0]?.requests).toBe(kept.size);
    },
    { timeout: 20_000, interval: 200 },
  );
  const [id] = kept;
  const generation = await fetch(`${url}/api/v1/generation?id=${id}`);
  expect((await generation.json()).data).toMatchObject({ id, model: 'stateai/sandbox' });
  expect(await server.stop()).toBe(0);
  expect((await recordedIds(data)).sort()).toEqual([...kept].sort());
});

test.each([
  ['one process', '0'],
  ['two workers', '2'],
])('stopped under load, %s: no answer is cut, no record lost, nobody new let in', async (_, workers) => {
  const data = at(`stopped-${workers}`);
  server = await startServer({ data, args: ['--workers', workers], accountsOf: at('killed') });
  const { url } = server;
  const slow = Array.from({ length: 8 }, () =>
    post(url, bodyOf({ model: 'stateai/sandbox-slow', stream: true, max_tokens: 60 })).then((r) => r.text()),
  );
  // A page that is open listens for new data for ever.
  const listening = fetch(`${url}/stats/v1/datasets/live/events`).then((r) => r.text());
  const traffic = load(url, 8);
  const upload = startUpload(url);
  await traffic.until(300);
  await upload.half;
  await sleep(300);
  server.child.kill('SIGTERM');
  await vi.waitFor(() => expect(connection(url)).rejects.toThrow('ECONNREFUSED'), { timeout: 5000 });
  upload.rest();
  const streams = await Promise.all(slow);
  for (const text of streams) expect(text).toMatch(/"usage".*\n\ndata: \[DONE\]\n\n$/);
  expect(await upload.answer).toMatch(/^HTTP\/1\.1 200/);
  await listening;
  expect(await server.ended).toBe(0);
  await traffic.stop();
  // Who sent on a connection that was open yet is told to come again.
  expect(new Set([...traffic.refused, 503])).toEqual(new Set([503]));
  const idOf = (text: string) => /gen-[\w-]+/.exec(text)?.[0] ?? '';
  const all = [...traffic.answered.keys(), ...streams.map(idOf), idOf(await upload.answer)];
  expect((await recordedIds(data)).sort()).toEqual(all.sort());
});

function connection(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}

/** A request of which half is sent, and the rest when `rest` is called. */
function startUpload(url: string) {
  const body = bodyOf();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const half = new Promise<void>((resolve) =>
    socket.write(
      `POST /api/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
      () => resolve(),
    ),
  );
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const answer = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  socket.on('error', () => undefined);
  return { half, rest: () => socket.write(body.slice(20)), answer };
}

test('configured anew under load: every request and every stream is answered', async () => {
  const up = await fakeUpstream(async (response, { body }) => {
    if (!body.includes('"stream":true')) return setTimeout(() => json(response, chatBody()), 5);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of chatEvents(Array.from({ length: 30 }, () => 'word '))) {
      response.write(event);
      await sleep(50);
    }
    response.end();
  });
  try {
    const data = at('configured');
    const config = (n: number) => ({
      providers: [{ slug: 'p0', url: up.url, lists: false, headers: { 'x-version': String(n) } }],
    });
    server = await startServer({ data, config: config(0), accountsOf: at('killed') });
    const { url } = server;
    const traffic = load(url, 16, bodyOf({ model: 'some/model' }));
    const streams = Array.from({ length: 5 }, () =>
      post(url, bodyOf({ model: 'some/model', stream: true })).then((r) => r.text()),
    );
    for (let n = 1; n <= 4; n++) {
      await writeConfig(data, config(n));
      await vi.waitFor(() => expect(up.requests.at(-1)?.headers['x-version']).toBe(String(n)), {
        timeout: 10_000,
      });
      if (n % 2 === 0) server.child.kill('SIGHUP');
    }
    await writeConfig(data, { providers: [{ slug: 'NOT A SLUG' }] });
    await vi.waitFor(
      () => expect(server?.output().stderr).toContain('goes on with the configuration before'),
      {
        timeout: 10_000,
      },
    );
    for (const text of await Promise.all(streams)) expect(text).toMatch(/\[DONE\]\n\n$/);
    await traffic.stop();
    expect(traffic.refused).toEqual([]);
    expect(traffic.broken()).toBe(0);
    expect(await server.stop()).toBe(0);
    expect(await recordedIds(data)).toHaveLength(traffic.answered.size + streams.length);
  } finally {
    await up.close();
  }
});
