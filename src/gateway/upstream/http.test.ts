/** Calls to upstreams, where they have not begun yet. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createUpstreamClient } from './http.ts';

test('a call that is given up while it waits for a connection is over at once', async () => {
  const sockets: Socket[] = [];
  // It takes connections and never says a word of TLS.
  const silent = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
  });
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const client = createUpstreamClient({
    connectMs: 60_000,
    firstByteMs: 60_000,
    betweenBytesMs: 60_000,
    totalMs: 60_000,
  });
  const { port } = silent.address() as AddressInfo;
  const call = client.call({ url: `https://127.0.0.1:${port}/v1`, headers: {}, body: Buffer.from('{}') });
  await once(silent, 'connection');
  call.abort();
  await expect(call.answer).rejects.toMatchObject({ upstream: 'aborted' });
  for (const socket of sockets) socket.destroy();
  silent.close();
  await client.close();
});
