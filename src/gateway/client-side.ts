/** The client's side of an exchange: a thin cover over Node's response that knows whether the client is still there. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

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

export function clientSide(request: IncomingMessage, response: ServerResponse): ClientSide {
  let gone = false;
  let listener: (() => void) | null = null;
  response.on('close', () => {
    if (response.writableFinished) return;
    gone = true;
    listener?.();
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
