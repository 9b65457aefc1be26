/** The gateway over HTTP: the paths that clients call, and reading their bodies. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { type Failure, failure } from './answer/errors.ts';
import { clientSide } from './client-side.ts';
import type { Dialect } from './contract.ts';
import { countTokens } from './count-tokens.ts';
import type { Gateway } from './gateway.ts';

const PATHS: readonly (readonly [path: string, dialect: Dialect])[] = [
  ['/chat/completions', 'chat'],
  ['/completions', 'completions'],
  ['/responses', 'responses'],
  ['/messages', 'messages'],
  ['/embeddings', 'embeddings'],
];

/** To be registered under `/api/v1`. */
export const gatewayRoutes = (gateway: Gateway) => async (app: FastifyInstance) => {
  app.removeAllContentTypeParsers();
  // Bodies are bytes to us, whatever a client calls them, even where that is no name of a type; they are read below.
  app.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type'];
  });
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  const schema = { hide: true };
  for (const [path, dialect] of PATHS)
    app.post(path, { schema }, async (request, reply) => {
      reply.hijack();
      await answer(gateway, request.raw, reply.raw, dialect);
    });
  app.post('/messages/count_tokens', { schema }, async (request, reply) => {
    reply.hijack();
    const client = clientSide(request.raw, reply.raw);
    await gateway.onItsWay(async () => {
      const body = await readBody(request.raw, gateway.upstreams().config.maxBodyBytes);
      await countTokens(gateway, body, client);
    });
  });
};

async function answer(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  dialect: Dialect,
) {
  const client = clientSide(request, response);
  await gateway.onItsWay(async () => {
    const body = await readBody(request, gateway.upstreams().config.maxBodyBytes);
    // A client that left before its request was complete asked for nothing.
    if (body) await gateway.serve(dialect, body, client);
  });
}

/** Time for a client to read that its request is too large before it is cut off, if it goes on sending. */
const LINGER_MS = 5000;

/** The body, or why it is refused; null where the client went away. */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer | Failure | null> {
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
  if (!Buffer.isBuffer(bytes) || !request.headers['content-encoding']) return bytes;
  if (request.headers['content-encoding'] !== 'gzip')
    return failure('bad_request', 'Bodies are sent plainly or as gzip', { status: 415 });
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: most });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge
      : failure('bad_request', 'The gzip body is damaged');
  }
}
