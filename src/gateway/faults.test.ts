/** Whatever upstreams and clients do, a request gets one answer and one record, and nothing stays behind. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { chatBody, chatEvents, fakeUpstream, type TestGateway, testGateway } from '../testing/gateway.ts';
import type { ConfigFile } from './config/schema.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0).reverse()) await close();
});

/** An upstream that speaks bytes. */
async function rawUpstream(answer: (socket: Socket) => unknown) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  open.push({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, sockets };
}

async function gatewayTo(url: string, more: ConfigFile = {}): Promise<TestGateway> {
  const made = await testGateway({
    sandbox: true,
    providers: [{ slug: 'p0', url, lists: false, models: [{ slug: 'some/model' }] }],
    retries: { baseMs: 1, perEndpoint: 0 },
    timeouts: { firstByteMs: 700, betweenBytesMs: 700 },
    ...more,
  });
  open.push(made);
  return made;
}

const ask = { model: 'some/model', messages: [{ role: 'user', content: 'Say hello.' }] };
const post = (gateway: TestGateway, body: object, init: RequestInit = {}) =>
  fetch(`${gateway.url}/chat/completions`, { method: 'POST', body: JSON.stringify(body), ...init });
const idle = (gateway: TestGateway) =>
  vi.waitFor(() => expect(gateway.gateway.inFlight()).toBe(0), { timeout: 10_000 });

const head = (more = '') => `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${more}\r\n`;
const sse = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';
const whole = JSON.stringify(chatBody());
const sized = `${head(`Content-Length: ${Buffer.byteLength(whole)}\r\n`)}${whole}`;
const [firstEvent = '', ...laterEvents] = chatEvents(['one ', 'two']);
const events = chatEvents(['one ', 'two']).join('');
const slowly = async (socket: Socket, bytes: Buffer, size: number) => {
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await sleep(1);
  }
  socket.end();
};
const drained = (stream: Socket | ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
const endless = async (socket: Socket, start: string, piece: string) => {
  socket.write(start);
  while (!socket.destroyed) if (!socket.write(piece)) await drained(socket);
};

type Behaviour = (socket: Socket) => unknown;
const wholeFaults: [string, Behaviour, number][] = [
  ['resets', (s) => s.resetAndDestroy(), 502],
  ['closes without a word', (s) => s.end(), 502],
  ['speaks no HTTP', (s) => s.end('WHAT IS THIS?\r\n\r\n'), 502],
  ['never answers', () => undefined, 408],
  ['never ends its headers', (s) => s.write('HTTP/1.1 200 OK\r\nX-A: 1\r\n'), 408],
  ['sends headers without end', (s) => endless(s, 'HTTP/1.1 200 OK\r\n', `X-A: ${'a'.repeat(900)}\r\n`), 502],
  ['stops in the middle', (s) => s.write(`${head('Content-Length: 999\r\n')}{"a":`), 408],
  ['promises more than it sends', (s) => s.end(`${head('Content-Length: 99999\r\n')}${whole}`), 502],
  ['promises less than it sends', (s) => s.end(`${head('Content-Length: 20\r\n')}${whole}`), 502],
  ['breaks its chunks', (s) => s.end(`${head('Transfer-Encoding: chunked\r\n')}zz\r\n${whole}\r\n`), 502],
  ['sends damaged gzip', (s) => s.end(`${head('Content-Encoding: gzip\r\n')}${whole}`), 502],
  [
    'cuts its gzip short',
    (s) =>
      s.end(
        Buffer.concat([Buffer.from(head('Content-Encoding: gzip\r\n')), gzipSync(whole).subarray(0, 60)]),
      ),
    502,
  ],
  ['sends nothing', (s) => s.end('HTTP/1.1 204 No Content\r\n\r\n'), 502],
  [
    'redirects',
    (s) => s.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
    502,
  ],
  [
    'is full of errors',
    (s) => endless(s, 'HTTP/1.1 500 No\r\nContent-Type: text/html\r\n\r\n', '<p>'.repeat(9999)),
    502,
  ],
  ['sends a list', (s) => s.end(`${head()}[1,2]`), 502],
  ['refuses without saying until when', (s) => s.end('HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n'), 429],
  ['trickles', (s) => slowly(s, Buffer.from(sized), 7), 200],
  [
    'says first that it will go on',
    (s) => s.end(`HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${sized}`),
    200,
  ],
];

test.each(wholeFaults)('an upstream that %s', async (_, behaviour, status) => {
  const up = await rawUpstream(behaviour);
  const gateway = await gatewayTo(up.url);
  const response = await post(gateway, ask);
  expect(response.status).toBe(status);
  const body = await response.json();
  if (status === 200) expect(body.choices[0].message.content).toBe('Hello.');
  else expect(body.error).toMatchObject({ code: status, message: expect.any(String) });
  if (status === 429) expect(response.headers.get('retry-after')).toBe('1');
  expect(await gateway.record()).toMatchObject({ status, finishReason: status === 200 ? 'stop' : 'error' });
  await idle(gateway);
  expect(gateway.records).toHaveLength(1);
  // Nothing is read from it any more, and others are served.
  await vi.waitFor(() => expect(up.sockets.size).toBe(0), { timeout: 10_000 });
  expect((await post(gateway, { ...ask, model: 'stateai/sandbox' })).status).toBe(200);
});

const badUtf8 = (() => {
  const bytes = Buffer.from(events);
  const at = bytes.indexOf('one');
  // The first two bytes of a character of three.
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xe4, 0xb8]), bytes.subarray(at)]);
})();
const streamFaults: [string, Behaviour, RegExp, RegExp | null][] = [
  [
    'ends in half a line',
    (s) => s.end(`${sse}${firstEvent}data: {"choices":[{"del`),
    /one .*"code":502/s,
    /DONE/,
  ],
  [
    'is reset in half a line',
    (s) => s.write(`${sse}${firstEvent}data: {"cho`, () => setTimeout(() => s.resetAndDestroy(), 50)),
    /one .*"code":502/s,
    /DONE/,
  ],
  ['hangs between bytes', (s) => s.write(sse + firstEvent), /one .*"code":408/s, /DONE/],
  [
    'ends in half a line before its first token',
    (s) => s.end(`${sse}data: {"choices":[{"del`),
    /^{"error":{"code":502/,
    null,
  ],
  ['trickles', (s) => slowly(s, Buffer.from(sse + events), 5), /one .*two.*\[DONE\]\n\n$/s, /"error"/],
  [
    'splits a character that is none',
    (s) => slowly(s, Buffer.concat([Buffer.from(sse), badUtf8]), 1),
    /\ufffdone .*\[DONE\]\n\n$/s,
    /"error"/,
  ],
  [
    'is compressed all the same',
    (s) =>
      s.end(
        Buffer.concat([
          Buffer.from(sse.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n')),
          gzipSync(events),
        ]),
      ),
    /one .*\[DONE\]\n\n$/s,
    /"error"/,
  ],
  [
    'mixes in nonsense',
    (s) =>
      s.end(
        `${sse}${firstEvent}data: nonsense\n\ndata: []\n\ndata: {"choices":5}\n\n: hm\nwhat\n\n${laterEvents.join('')}`,
      ),
    /one .*two.*\[DONE\]\n\n$/s,
    /"error"/,
  ],
  ['uses CR LF', (s) => s.end(sse + events.replaceAll('\n', '\r\n')), /one .*\[DONE\]\n\n$/s, /"error"/],
  [
    'has one event without end',
    (s) => endless(s, `${sse}${firstEvent}data: `, 'x'.repeat(1 << 20)),
    /one .*"code":502/s,
    /DONE/,
  ],
];

test.each(streamFaults)('a stream that %s', async (_, behaviour, wanted, unwanted) => {
  const up = await rawUpstream(behaviour);
  const gateway = await gatewayTo(up.url);
  const text = await (await post(gateway, { ...ask, stream: true })).text();
  expect(text).toMatch(wanted);
  if (unwanted) expect(text).not.toMatch(unwanted);
  const isWhole = text.includes('[DONE]');
  expect(await gateway.record()).toMatchObject({
    finishReason: isWhole ? 'stop' : 'error',
    streamed: true,
    status: unwanted ? 200 : 502,
  });
  await idle(gateway);
  await vi.waitFor(() => expect(up.sockets.size).toBe(0), { timeout: 10_000 });
});

test('a client that does not read holds its upstream back', async () => {
  let sent = 0;
  let closed = false;
  const up = await fakeUpstream(async (r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.on('close', () => {
      closed = true;
    });
    const piece = chatEvents(['y'.repeat(100_000)])[0] ?? '';
    while (!closed && sent < 200e6) {
      sent += piece.length;
      if (!r.write(piece)) await drained(r);
    }
    r.end();
  });
  open.push(up);
  const gateway = await gatewayTo(up.url, { timeouts: { betweenBytesMs: 60_000 } });
  const client = await rawRequest(gateway, { ...ask, stream: true });
  client.socket.pause();
  let before = -1;
  await vi.waitFor(
    () => {
      const now = sent;
      const isStill = now > 0 && now === before;
      before = now;
      expect(isStill).toBe(true);
    },
    { timeout: 10_000, interval: 300 },
  );
  // What stands in the kernel's buffers, on both sides.
  expect(sent).toBeLessThan(40e6);
  client.socket.destroy();
  expect(await gateway.record()).toMatchObject({ cancelled: true, status: 200 });
  await vi.waitFor(() => expect(closed).toBe(true), { timeout: 10_000 });
  await idle(gateway);
});

async function rawRequest(gateway: TestGateway, ...bodies: object[]) {
  const { port, pathname } = new URL(`${gateway.url}/chat/completions`);
  const socket = connect(Number(port), '127.0.0.1');
  open.push({ close: () => socket.destroy() });
  const received = { text: '' };
  socket.on('data', (chunk) => {
    received.text += chunk;
  });
  socket.on('error', () => undefined);
  for (const body of bodies) {
    const text = JSON.stringify(body);
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
  return { socket, received };
}

test('pipelined requests are answered in order; when their client leaves, all of their upstreams are let go', async () => {
  const held = new Set<unknown>();
  const up = await fakeUpstream((r, { body }) => {
    const { stream, user } = JSON.parse(body);
    if (stream) {
      held.add(r);
      r.on('close', () => held.delete(r));
      r.writeHead(200, { 'content-type': 'text/event-stream' }).write(firstEvent);
      return;
    }
    r.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(chatBody(user)));
  });
  open.push(up);
  const gateway = await gatewayTo(up.url, { timeouts: { betweenBytesMs: 60_000 } });
  const orderly = await rawRequest(
    gateway,
    { ...ask, user: 'first' },
    { ...ask, user: 'second' },
    { ...ask, user: 'third' },
  );
  await vi.waitFor(() => expect(orderly.received.text).toMatch(/"first".*"second".*"third"/s), {
    timeout: 10_000,
  });
  const leaving = await rawRequest(
    gateway,
    { ...ask, stream: true },
    { ...ask, stream: true },
    { ...ask, stream: true },
  );
  await vi.waitFor(() => expect(held.size).toBe(3), { timeout: 10_000 });
  leaving.socket.destroy();
  await vi.waitFor(() => expect(held.size).toBe(0), { timeout: 10_000 });
  await idle(gateway);
  expect(gateway.records.filter((r) => r.cancelled)).toHaveLength(3);
  expect(gateway.records).toHaveLength(6);
});

test('a client that leaves while it sends asked for nothing', async () => {
  const gateway = await gatewayTo('http://127.0.0.1:1/v1');
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write(
    'POST /api/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n{"model":',
  );
  await vi.waitFor(() => expect(gateway.gateway.inFlight()).toBe(1), { timeout: 10_000 });
  socket.destroy();
  await idle(gateway);
  expect(gateway.records).toHaveLength(0);
});

test.each([
  ['no content type', 'Content-Length: LENGTH'],
  ['another content type', 'Content-Type: text/plain\r\nContent-Length: LENGTH'],
  ['a content type that is none', 'Content-Type: ;;\r\nContent-Length: LENGTH'],
  ['no content length', 'Transfer-Encoding: chunked'],
  ['an expectation', 'Expect: 100-continue\r\nContent-Length: LENGTH'],
])('a request with %s is a request', async (_, headers) => {
  const gateway = await gatewayTo('http://127.0.0.1:1/v1');
  const text = JSON.stringify({ ...ask, model: 'stateai/sandbox' });
  const body = headers.startsWith('Transfer') ? `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n` : text;
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  open.push({ close: () => socket.destroy() });
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write(
    `POST /api/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n${headers.replace('LENGTH', String(text.length))}\r\n\r\n${body}`,
  );
  await vi.waitFor(() => expect(received).toMatch(/HTTP\/1\.1 200 OK.*"finish_reason":"stop"/s), {
    timeout: 10_000,
  });
});

test('a new configuration drops no request that is still choosing its way', async () => {
  const up = await rawUpstream((s) => setTimeout(() => s.end(sized), 20));
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { openToAll } = await import('../testing/gateway.ts');
  const gateway = await testGateway(
    { providers: [{ slug: 'p0', url: up.url, lists: false }] },
    {
      ...openToAll,
      async byokKey() {
        await gate;
        return null;
      },
    },
  );
  open.push(gateway);
  const answer = post(gateway, ask);
  await vi.waitFor(() => expect(gateway.gateway.inFlight()).toBe(1), { timeout: 10_000 });
  await sleep(50);
  const { resolveConfig } = await import('./config/config.ts');
  gateway.gateway.reconfigure(resolveConfig({ environment: false }, {}));
  await sleep(20);
  release();
  expect((await answer).status).toBe(200);
});
