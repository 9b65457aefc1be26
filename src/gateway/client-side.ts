/** The client's side of an exchange: a thin cover over Node's response that knows whether the client is still there. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ClientSide {
  headers: IncomingHttpHeaders;
  /** The client went away before its answer was complete. */
  readonly isGone: boolean;
  /** Headers of a stream have been sent: the status can no longer change. */
  readonly isOpen: boolean;
  /** Called once, at once if it happened already. The last one given counts. */
  onGone(listener: () => void): void;
  /** A whole answer. */
  respond(status: number, headers: Record<string, string | number>, body: Buffer | string): void;
  /** Begins a stream of events. */
  open(headers: Record<string, string>): void;
  /** false: wait for `onDrain` before more is written. */
  write(data: Buffer | string): boolean;
  onDrain(listener: () => void): void;
  end(): void;
}

/**
 * What is told when a connection closes. A response whose turn has not come yet, behind another on the same connection,
 * does not hear of it by itself.
 */
const watched = new WeakMap<Socket, Set<() => void>>();

function openOn(socket: Socket): Set<() => void> {
  const known = watched.get(socket);
  if (known) return known;
  const open = new Set<() => void>();
  watched.set(socket, open);
  socket.once('close', () => {
    for (const left of open) left();
    open.clear();
  });
  return open;
}

export function clientSide(request: IncomingMessage, response: ServerResponse): ClientSide {
  let gone = false;
  let listener: (() => void) | null = null;
  const left = () => {
    if (gone || response.writableFinished) return;
    gone = true;
    listener?.();
  };
  const open = openOn(request.socket);
  open.add(left);
  response.on('finish', () => open.delete(left));
  response.on('close', () => {
    open.delete(left);
    left();
  });
  response.on('error', () => undefined);
  return {
    headers: request.headers,
    get isGone() {
      return gone;
    },
    get isOpen() {
      return response.headersSent;
    },
    onGone(next) {
      listener = next;
      if (gone) next();
    },
    respond(status, headers, body) {
      if (gone) return;
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
      response.end(body);
    },
    open(headers) {
      if (gone || response.headersSent) return;
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        ...headers,
      });
    },
    write: (data) => (gone ? true : response.write(data)),
    onDrain: (next) => void response.once('drain', next),
    end() {
      if (!gone) response.end();
    },
  };
}
