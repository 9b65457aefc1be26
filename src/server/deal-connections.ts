/**
 * One port, many worker processes: the first process takes each connection and hands it to the next worker in turn. It
 * keeps its own hold of a connection until the worker says that it has it. So one that was on its way to a worker that
 * dies goes to another; Node's own cluster would keep it open, and its client waiting, for ever.
 */
import { lookup } from 'node:dns/promises';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net';

/** A process's end may be known before the last that it said. (Its channel does not close while a handing is under way.) */
const LAST_WORDS_MS = 50;

/** What handing over takes of `Worker` of node:cluster. */
export interface Receiver {
  id: number;
  send(
    message: object,
    handle: Socket,
    options: { keepOpen: true },
    done: (error: Error | null) => void,
  ): boolean;
}

/** A message that a connection goes with. */
interface Handing {
  connection: number;
}

export interface Dealer {
  /** @returns the port. @throws what listening throws, EADDRINUSE for example */
  listen(at: { host: string; port: number }): Promise<number>;
  /** From now on it gets its share. */
  join(worker: Receiver): void;
  /** Its process has ended, with all that it had; what it had not taken goes to others. */
  leave(worker: Receiver): void;
  /** The worker has the connection of this number. */
  took(connection: number): void;
  /** Nobody new is let in. */
  close(): void;
}

export function dealConnections(): Dealer {
  const servers: Server[] = [];
  let workers: Receiver[] = [];
  let turn = 0;
  let count = 0;
  const handed = new Map<number, { socket: Socket; to: Receiver }>();
  /** There is no worker at this moment. */
  const waiting: Socket[] = [];

  const give = (socket: Socket) => {
    if (socket.destroyed) return;
    const to = workers[turn++ % workers.length];
    if (!to) {
      waiting.push(socket);
      return;
    }
    const connection = ++count;
    handed.set(connection, { socket, to });
    // A worker that can't be sent to is about to leave.
    to.send({ connection } satisfies Handing, socket, { keepOpen: true }, () => undefined);
  };
  const listenAt = (at: ListenOptions) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
        socket.on('error', () => undefined);
        give(socket);
      });
      server.once('error', reject);
      server.listen(at, () => {
        servers.push(server);
        resolve((server.address() as AddressInfo).port);
      });
    });

  return {
    async listen({ host, port }) {
      // A name may stand for several addresses, "localhost" for one of each kind; not all of them need to be there.
      const [first, ...others] = await lookup(host, { all: true });
      const actual = await listenAt({ host: first?.address ?? host, port });
      for (const { address } of others)
        await listenAt({ host: address, port: actual }).catch(() => undefined);
      return actual;
    },
    join(worker) {
      workers.push(worker);
      for (const socket of waiting.splice(0)) give(socket);
    },
    leave(worker) {
      workers = workers.filter((each) => each !== worker);
      setTimeout(() => {
        for (const [connection, { socket, to }] of handed) {
          if (to !== worker) continue;
          handed.delete(connection);
          give(socket);
        }
      }, LAST_WORDS_MS);
    },
    took(connection) {
      // The worker's hold of it keeps it open.
      handed.get(connection)?.socket.destroy();
      handed.delete(connection);
    },
    close() {
      for (const server of servers) server.close();
      for (const socket of waiting.splice(0)) socket.destroy();
    },
  };
}

/** The worker's side: `server` serves what is handed over. `took` is told before the first byte is read. */
export function takeConnections(server: HttpServer, took: (connection: number) => void): void {
  process.on('message', (message: Partial<Handing>, socket?: Socket) => {
    if (message.connection === undefined) return;
    took(message.connection);
    // One that its client has closed meanwhile comes without.
    if (socket) server.emit('connection', socket);
  });
}
