/** Calls to upstreams: given up before they begin, and sent on connections that the upstream closes at that moment. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { opened } from '../../testing/opened.ts';
import { createUpstreamClient } from './http.ts';
import { readWhole } from './read-whole.ts';

/** @param take is told each connection */
async function bareUpstream(take: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    take(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = createUpstreamClient({
    connectMs: 60_000,
    firstByteMs: 60_000,
    betweenBytesMs: 60_000,
    totalMs: 60_000,
  });
  const { port } = server.address() as AddressInfo;
  return opened(
    Promise.resolve({
      server,
      client,
      port,
      sockets,
      async close() {
        for (const socket of sockets) socket.destroy();
        server.close();
        await client.close();
      },
    }),
  );
}

test('a call that is given up while it waits for a connection is over at once', async () => {
  // It takes connections and never says a word of TLS.
  const { server, client, port } = await bareUpstream(() => undefined);
  const call = client.call({ url: `https://127.0.0.1:${port}/v1`, headers: {}, body: Buffer.from('{}') });
  await once(server, 'connection');
  call.abort();
  await expect(call.answer).rejects.toMatchObject({ upstream: 'aborted' });
});

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

/** Answers on a connection as often as it is told, then ends it at the next call. */
async function closing(end: (socket: Socket) => void, answersOn: (connection: number) => number) {
  let connections = 0;
  let calls = 0;
  const upstream = await bareUpstream((socket) => {
    let left = answersOn(++connections);
    socket.on('data', (bytes) => {
      // Head and body may come apart.
      if (!String(bytes).endsWith('{}')) return;
      calls++;
      if (left-- > 0) socket.write(ANSWER);
      else end(socket);
    });
  });
  const ask = async () => {
    const url = `http://127.0.0.1:${upstream.port}/v1`;
    const answer = await upstream.client.call({ url, headers: {}, body: Buffer.from('{}') }).answer;
    const text = String(await readWhole(answer, 1000));
    // The connection is free in the next turn.
    await sleep(5);
    return text;
  };
  return { ...upstream, ask, connections: () => connections, calls: () => calls };
}

const ENDS: [string, (socket: Socket) => void][] = [
  ['ended', (socket) => socket.end()],
  ['reset', (socket) => socket.resetAndDestroy()],
];

test.each(ENDS)('a call on a connection that is %s at that moment goes out on a new one', async (_, end) => {
  const { ask, connections } = await closing(end, () => 1);
  expect([await ask(), await ask(), await ask()]).toEqual(['{}', '{}', '{}']);
  expect(connections()).toBe(3);
});

test.each(ENDS)('a call on a new connection that is %s is not repeated', async (_, end) => {
  const { ask, calls } = await closing(end, () => 0);
  await expect(ask()).rejects.toMatchObject({ upstream: 'reset' });
  expect(calls()).toBe(1);
});

test.each(ENDS)('a call is repeated once, however often connections are %s', async (_, end) => {
  const { ask, calls } = await closing(end, (connection) => (connection === 1 ? 1 : 0));
  expect(await ask()).toBe('{}');
  await expect(ask()).rejects.toMatchObject({ upstream: 'reset' });
  expect(calls()).toBe(3);
});

test.each(ENDS)(
  'what an upstream has looked at for a while is not repeated when it is %s',
  async (_, end) => {
    const { ask, calls } = await closing(
      (socket) => setTimeout(() => end(socket), 1200),
      () => 1,
    );
    expect(await ask()).toBe('{}');
    await expect(ask()).rejects.toMatchObject({ upstream: 'reset' });
    expect(calls()).toBe(2);
  },
);
