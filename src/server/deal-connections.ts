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
/**
 * So many connections may be on their way to one worker. A worker that is busy gets no more before it has taken those;
 * one that hangs keeps no others; and what else is said to a worker does not wait behind many of them.
 */
const MOST_ON_THE_WAY = 2;
/** A worker that has not taken a connection by then is asked whether it came: one that can open no more files loses it. */
const ARRIVAL_MS = 1000;

/** What handing over takes of `Worker` of node:cluster. */
export interface Receiver {
  send(
    message: object,
    handle: Socket | undefined,
    options: { keepOpen: true } | undefined,
    done: (error: Error | null) => void,
  ): boolean;
}

/** A message that a connection goes with. */
interface Handing {
  connection: number;
}
/** A message that comes behind it. */
interface ArrivalQuestion {
  arrived: number;
}

export interface Dealer {
  /** @returns the port. @throws what listening throws, EADDRINUSE for example */
  listen(at: { host: string; port: number }): Promise<number>;
  /** A connection has come: it is handed to a worker as soon as one can take it. */
  give(socket: Socket): void;
  /** From now on it gets its share. */
  join(worker: Receiver): void;
  /** It is stopping: it gets no more. */
  retire(worker: Receiver): void;
  /** Its process has ended, with all that it had; what it had not taken goes to others. */
  leave(worker: Receiver): void;
  /** The worker has the connection of this number. */
  took(connection: number): void;
  /** The worker was asked for the connection of this number, and has not got it. */
  missed(connection: number): void;
  /** Nobody new is let in. */
  close(): void;
}

export function dealConnections(): Dealer {
  const servers: Server[] = [];
  /** The one whose turn it is comes first. */
  let workers: Receiver[] = [];
  let count = 0;
  const handed = new Map<number, { socket: Socket; to: Receiver; timer: NodeJS.Timeout }>();
  /** No worker can take them at this moment. */
  const waiting: Socket[] = [];
  let isClosed = false;

  const onTheWayTo = (worker: Receiver): number =>
    [...handed.values()].filter(({ to }) => to === worker).length;
  const nextWorker = (): Receiver | null => {
    const at = workers.findIndex((worker) => onTheWayTo(worker) < MOST_ON_THE_WAY);
    const [next] = at < 0 ? [] : workers.splice(at, 1);
    if (!next) return null;
    workers.push(next);
    return next;
  };
  const deal = () => {
    while (waiting.length > 0) {
      const to = nextWorker();
      if (!to) return;
      const socket = waiting.shift();
      if (!socket || socket.destroyed) continue;
      const connection = ++count;
      const ask = () => send(to, { arrived: connection } satisfies ArrivalQuestion);
      handed.set(connection, { socket, to, timer: setTimeout(ask, ARRIVAL_MS).unref() });
      send(to, { connection } satisfies Handing, socket);
    }
  };
  /** Of a connection that is on its way no more. */
  const takeBack = (connection: number): Socket | null => {
    const known = handed.get(connection);
    if (!known) return null;
    handed.delete(connection);
    clearTimeout(known.timer);
    return known.socket;
  };
  const give = (socket: Socket) => {
    if (isClosed) return void socket.destroy();
    waiting.push(socket);
    deal();
  };
  const missed = (connection: number) => {
    const socket = takeBack(connection);
    if (socket) give(socket);
  };
  const retire = (worker: Receiver) => {
    workers = workers.filter((each) => each !== worker);
  };
  const listenAt = (at: ListenOptions) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
        socket.on('error', () => undefined);
        give(socket);
      });
      // Later ones, where no connection could be taken, end nothing.
      server.on('error', reject);
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
    give,
    join(worker) {
      workers.push(worker);
      deal();
    },
    retire,
    leave(worker) {
      retire(worker);
      const dealAnew = () => {
        for (const [connection, { to }] of handed) {
          const socket = to === worker ? takeBack(connection) : null;
          if (socket) give(socket);
        }
      };
      // What it said is read before: timers that are late come before reading, immediates after it.
      setTimeout(() => setImmediate(dealAnew), LAST_WORDS_MS);
    },
    took(connection) {
      const known = handed.get(connection);
      if (!known) return;
      // The worker's hold of it keeps it open.
      takeBack(connection)?.destroy();
      // They come in order: those before it are lost.
      for (const [before, { to }] of handed) if (before < connection && to === known.to) missed(before);
      deal();
    },
    missed,
    close() {
      isClosed = true;
      for (const server of servers) server.close();
      for (const socket of waiting.splice(0)) socket.destroy();
    },
  };
}

/** A worker that can't be sent to is about to leave. */
const send = (to: Receiver, message: object, socket?: Socket) =>
  to.send(message, socket, socket && { keepOpen: true }, () => undefined);

/** The worker's side: `server` serves what is handed over. `took` is told before the first byte is read. */
export function takeConnections(
  server: HttpServer,
  tell: { took(connection: number): void; missed(connection: number): void },
): void {
  /** They come in the order of their numbers. */
  let last = 0;
  process.on('message', (message: Partial<Handing & ArrivalQuestion>, socket?: Socket) => {
    if (message.arrived !== undefined && message.arrived > last) tell.missed(message.arrived);
    if (message.connection === undefined) return;
    last = message.connection;
    tell.took(message.connection);
    // One that its client has closed meanwhile comes without.
    if (socket) server.emit('connection', socket);
  });
}
