/** The end of a server's connections when it stops. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time for the last bytes of finished answers to reach their clients. */
const LAST_BYTES_MS = 10_000;

/** @returns waits for the answers that are still being read, then cuts off those who do not read theirs */
export function closerOfConnections(server: Server): () => Promise<void> {
  // The server itself counts but those that it accepted, not those that were handed to it.
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return async () => {
    const until = performance.now() + LAST_BYTES_MS;
    for (;;) {
      server.closeIdleConnections();
      if (open.size === 0) return;
      if (performance.now() > until) break;
      await sleep(20);
    }
    server.closeAllConnections();
  };
}
