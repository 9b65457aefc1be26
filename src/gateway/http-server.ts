/** Fastify's HTTP server with the gateway's handler before its router. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Handler } from './routes.ts';

export interface HttpLimits {
  /** Milliseconds that a client may take to send its headers, and the whole request. */
  headersMs: number;
  requestMs: number;
}

const KEEP_ALIVE_MS = 72_000;
/** How often connections are looked at for clients that are too slow. */
const CHECK_MS = 30_000;

/** For Fastify's `serverFactory`. */
export const serverWith =
  (handle: Handler, { headersMs, requestMs }: HttpLimits) =>
  (router: RequestListener): Server =>
    createServer(
      {
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        connectionsCheckingInterval: Math.min(CHECK_MS, requestMs),
        keepAliveTimeout: KEEP_ALIVE_MS,
        noDelay: true,
      },
      (request, response) => {
        if (!handle(request, response)) router(request, response);
      },
    );
