/**
 * Web pages of other addresses may call the API, as they may call OpenRouter's: with a key from anywhere, without one from
 * a page of this machine. What is told without a key to anybody stays unreadable for other pages.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopbackOrigin } from './loopback.ts';

const KEYS = ['authorization', 'x-api-key', 'api-key'];
/** Of an answer, what a page may read beside its type. */
const EXPOSED = 'x-generation-id, retry-after';
/** Seconds that a browser need not ask again. */
const ASKED_FOR_S = 7200;

/** Lets the page read the answer where it may. Answers a browser that only asks whether it may, and says so. */
export function admitPages({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = headers;
  if (origin === undefined) return false;
  const wanted = headers['access-control-request-headers'];
  const isAsking = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  const names = wanted?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  const hasKey = KEYS.some((key) => (isAsking ? names.includes(key) : headers[key] !== undefined));
  response.setHeader('vary', 'origin');
  if (hasKey || isLoopbackOrigin(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', EXPOSED);
  }
  if (!isAsking) return false;
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
    'access-control-max-age': String(ASKED_FOR_S),
    ...(wanted === undefined ? {} : { 'access-control-allow-headers': wanted }),
  });
  response.end();
  return true;
}
