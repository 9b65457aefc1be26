/** The end of a server's connections when it stops. */
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Time for the last bytes of finished answers to reach their clients. */
const LAST_BYTES_MS = 10_000;

/** Waits for the answers that are still being read, then cuts off those who do not read theirs. */
export async function closeConnections(server: Server, mostMs = LAST_BYTES_MS): Promise<void> {
  const until = performance.now() + mostMs;
  const count = promisify(server.getConnections).bind(server);
  for (;;) {
    server.closeIdleConnections();
    if ((await count()) === 0) return;
    if (performance.now() > until) break;
    await sleep(20);
  }
  server.closeAllConnections();
}
