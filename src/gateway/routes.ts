/** The gateway over HTTP: the paths that carry traffic, and reading the bodies of requests. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Failure, failure } from './answer/errors.ts';
import { clientSide } from './client-side.ts';
import type { Dialect } from './contract.ts';
import { countTokens } from './count-tokens.ts';
import type { Gateway } from './gateway.ts';
import { admitPages } from './request/cross-origin.ts';

const PATHS: ReadonlyMap<string, Dialect> = new Map([
  ['/api/v1/chat/completions', 'chat'],
  ['/api/v1/completions', 'completions'],
  ['/api/v1/responses', 'responses'],
  ['/api/v1/messages', 'messages'],
  ['/api/v1/embeddings', 'embeddings'],
]);
const API = '/api/v1/';
const COUNT_TOKENS = '/api/v1/messages/count_tokens';

/** Answers a request and says so, or leaves it to somebody else. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The paths that carry traffic. They stand before the router of the other paths, which would cost more than they do. */
export function gatewayHandler(gateway: Gateway): Handler {
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path.startsWith(API) && admitPages(request, response)) return true;
    if (request.method !== 'POST') return false;
    const dialect = PATHS.get(path);
    if (dialect) void answer(gateway, request, response, dialect);
    else if (path === COUNT_TOKENS) void count(gateway, request, response);
    else return false;
    return true;
  };
}

/** Neither rejects. */
async function answer(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  dialect: Dialect,
): Promise<void> {
  const client = clientSide(request, response);
  await gateway.onItsWay(async () => {
    const body = await readBody(request, gateway.upstreams().config.maxBodyBytes);
    // A client that left before its request was complete asked for nothing.
    if (body) await gateway.serve(dialect, body, client);
  });
}

async function count(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const client = clientSide(request, response);
  await gateway.onItsWay(async () => {
    const body = await readBody(request, gateway.upstreams().config.maxBodyBytes);
    await countTokens(gateway, body, client);
  });
}

/** Time for a client to read that its request is too large before it is cut off, if it goes on sending. */
const LINGER_MS = 5000;

/** Both words stand for it (RFC 9110). */
const GZIP = new Set(['gzip', 'x-gzip']);

/** The body, or why it is refused; null where the client went away. */
async function readBody(request: IncomingMessage, most: number): Promise<Buffer | Failure | null> {
  const tooLarge = failure('too_large', `The body is larger than ${most} bytes`);
  const bytes = await new Promise<Buffer | Failure | null>((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let isRefused = false;
    // What still comes is thrown away, so that the answer can be read.
    const refuse = () => {
      chunks = [];
      isRefused = true;
      const cut = setTimeout(() => request.destroy(), LINGER_MS).unref();
      request.on('close', () => clearTimeout(cut));
      resolve(tooLarge);
    };
    if (Number(request.headers['content-length']) > most) refuse();
    request.on('data', (chunk: Buffer) => {
      if (isRefused) return;
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else refuse();
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('close', () => resolve(null));
    request.on('error', () => resolve(null));
  });
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (!Buffer.isBuffer(bytes) || encoding === 'identity') return bytes;
  if (!GZIP.has(encoding))
    return failure('bad_request', 'Bodies are sent plainly or as gzip', { status: 415 });
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: most });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge
      : failure('bad_request', 'The gzip body is damaged');
  }
}
