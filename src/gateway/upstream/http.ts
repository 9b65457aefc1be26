/** One call to an upstream over HTTP: connections kept open per origin, bytes as they come, back-pressure, an end at once. */
import type { IncomingHttpHeaders } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import type { GatewayConfig } from '../config/config.ts';

/** Why no answer came, or not all of it. */
export type UpstreamFailure = 'connect' | 'timeout' | 'reset' | 'aborted' | 'too_large';

/** Recognised by `upstream`. Its message is made here, never from what the upstream sent. */
export class UpstreamError extends Error {
  readonly upstream: UpstreamFailure;
  constructor(upstream: UpstreamFailure, message: string) {
    super(message);
    this.upstream = upstream;
  }
}
export const isUpstreamError = (error: unknown): error is UpstreamError =>
  error instanceof Error && 'upstream' in error;

export interface UpstreamRequest {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface UpstreamAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Hands over what comes; to be called once, in the turn in which the answer arrived. */
  consume(sink: BodySink): void;
  pause(): void;
  resume(): void;
}

export interface BodySink {
  data(chunk: Buffer): void;
  end(): void;
  /** The body broke off. */
  error(error: UpstreamError): void;
}

export interface UpstreamCall {
  /** Rejects with an `UpstreamError` when there are no headers. */
  answer: Promise<UpstreamAnswer>;
  /** Closes the connection, so that the upstream stops working. */
  abort(): void;
}

export interface UpstreamClient {
  call(request: UpstreamRequest): UpstreamCall;
  close(): Promise<void>;
}

/** The connections to one origin. */
interface Connections {
  pool: Pool;
  /** Some may stand open since an earlier call. */
  haveAnswered: boolean;
}

export function createUpstreamClient(timeouts: GatewayConfig['timeouts']): UpstreamClient {
  const known = new Map<string, Connections>();
  const connectionsTo = (origin: string): Connections => {
    const before = known.get(origin);
    if (before) return before;
    const pool = new Pool(origin, {
      connect: { timeout: timeouts.connectMs },
      headersTimeout: timeouts.firstByteMs,
      bodyTimeout: timeouts.betweenBytesMs,
      keepAliveTimeout: 30_000,
      pipelining: 1,
      connections: 512,
      maxHeaderSize: 64 << 10,
    });
    const connections = { pool, haveAnswered: false };
    known.set(origin, connections);
    return connections;
  };
  return {
    call: (request) => startCall(connectionsTo, request),
    // Calls that are still running end first.
    async close() {
      await Promise.all([...known.values()].map(({ pool }) => pool.close()));
    },
  };
}

/** The addresses of a configuration are few. */
const addresses = new Map<string, { origin: string; path: string }>();

function addressOf(url: string): { origin: string; path: string } {
  const known = addresses.get(url);
  if (known) return known;
  const { origin, pathname, search } = new URL(url);
  const address = { origin, path: `${pathname}${search}` };
  addresses.set(url, address);
  return address;
}

/**
 * An upstream may close a connection that stood idle just when the next call is sent on it: then it has not seen that
 * call, and is asked once more on another one.
 */
function startCall(
  connectionsTo: (origin: string) => Connections,
  { url, headers, body }: UpstreamRequest,
): UpstreamCall {
  const { origin, path } = addressOf(url);
  const connections = connectionsTo(origin);
  let controller: Dispatcher.DispatchController | null = null;
  let aborted = false;
  let settle: { resolve(answer: UpstreamAnswer): void; reject(error: Error): void } | null = null;
  let sink: BodySink | null = null;
  const answer = new Promise<UpstreamAnswer>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const failed = (error: unknown) => {
    const known = aborted ? new UpstreamError('aborted', 'The call was given up') : explainFailure(error);
    if (sink) sink.error(known);
    else settle?.reject(known);
    settle = null;
  };
  let sentAt = 0;
  let isRepeated = false;
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(c) {
      controller = c;
      sentAt = performance.now();
      if (aborted) c.abort(new Error('given up'));
    },
    onResponseStart(c, status, given) {
      if (status < 200) return;
      connections.haveAnswered = true;
      // Nothing is read before somebody takes it.
      c.pause();
      settle?.resolve({
        status,
        headers: given,
        consume(taken) {
          sink = decoded(String(given['content-encoding'] ?? ''), taken);
          c.resume();
        },
        pause: () => c.pause(),
        resume: () => c.resume(),
      });
      settle = null;
    },
    onResponseData(_c, chunk) {
      sink?.data(chunk);
    },
    onResponseEnd() {
      sink?.end();
    },
    onResponseError(_c, error) {
      const isUnseen = settle && connections.haveAnswered && wasClosedIdle(error, performance.now() - sentAt);
      if (!isUnseen || aborted || isRepeated) return failed(error);
      isRepeated = true;
      controller = null;
      setImmediate(() => (aborted ? failed(null) : send()));
    },
  };
  const send = () => connections.pool.dispatch({ path, method: 'POST', headers, body }, handler);
  send();
  return {
    answer,
    abort() {
      aborted = true;
      if (controller) controller.abort(new Error('given up'));
      // It waits for a connection still; where it gets one it is given up then.
      else failed(null);
    },
  };
}

/** We ask for plain bytes; some upstreams compress all the same. */
function decoded(encoding: string, sink: BodySink): BodySink {
  const make = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  };
  const create = make[encoding.toLowerCase() as keyof typeof make];
  if (!create) return sink;
  const stream = create();
  stream.on('data', (chunk: Buffer) => sink.data(chunk));
  stream.on('end', () => sink.end());
  stream.on('error', () => sink.error(new UpstreamError('reset', 'The compressed answer is damaged')));
  return {
    data: (chunk) => void stream.write(chunk),
    end: () => void stream.end(),
    error(error) {
      stream.destroy();
      sink.error(error);
    },
  };
}

/** Whoever closes a connection later than this may have worked on the call. */
const SEEN_AFTER_MS = 1000;

/** @param ms since the call was sent */
function wasClosedIdle(error: Error, ms: number): boolean {
  const { code, socket } = error as NodeJS.ErrnoException & { socket?: { bytesRead?: number } };
  if (ms > SEEN_AFTER_MS) return false;
  // What it has read was the answer to an earlier call.
  if (code === 'UND_ERR_SOCKET') return (socket?.bytesRead ?? 0) > 0;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

const CONNECT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const TIMEOUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

function explainFailure(error: unknown): UpstreamError {
  if (isUpstreamError(error)) return error;
  const code = String((error as NodeJS.ErrnoException | null)?.code ?? '');
  if (CONNECT.has(code)) return new UpstreamError('connect', `The provider cannot be reached (${code})`);
  if (TIMEOUT.has(code)) return new UpstreamError('timeout', 'The provider took too long');
  return new UpstreamError('reset', 'The provider closed the connection');
}
