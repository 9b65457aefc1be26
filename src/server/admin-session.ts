/** Who is the admin: whoever sends the admin secret, or logged in with it; on an open loopback server, this machine. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Type } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requireLoopback } from '../gateway/request/loopback.ts';
import { StateaiError } from '../generation/errors.ts';

export interface AdminSession {
  /** Carries the admin secret or a session; without a secret, comes from a program or page of this machine. */
  isAdmin(request: FastifyRequest): boolean;
  /** Login, logout and whether one is logged in; to be registered under `/stats/v1/admin`. */
  routes(app: FastifyInstance): Promise<void>;
}

const COOKIE = 'stateai_admin';
const SESSION_S = 12 * 3600;
/** Wrong secrets a minute from one address: a stranger who guesses must not keep the admin out. */
const MOST_TRIES = 20;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** @param isOpen the server listens on loopback only */
export function adminSession(secret: string | null, isOpen: boolean): AdminSession {
  let tries = { minute: 0, counts: new Map<string, number>() };
  const signed = (until: number): string =>
    createHmac('sha256', digest(`session ${secret}`))
      .update(String(until))
      .digest('base64url');
  const isSession = (request: FastifyRequest): boolean => {
    const [until = '', signature = ''] = (cookieOf(request) ?? '').split('.');
    return Number(until) > Date.now() / 1000 && same(signature, signed(Number(until)));
  };
  const isAdmin = (request: FastifyRequest): boolean => {
    if (secret === null) return isOpen && isThisMachine(request);
    // A cookie is sent along by any page that asks; a page of another site does not count.
    if (isSession(request)) return isOwnPage(request);
    const given = givenSecret(request);
    return given !== null && same(given, secret);
  };
  return {
    isAdmin,
    async routes(app) {
      app.get('/session', (request) => ({
        needsLogin: secret !== null,
        isAdmin: isAdmin(request),
        isOpen,
      }));
      app.post(
        '/login',
        { schema: { body: Type.Object({ secret: Type.String({ maxLength: 1000 }) }) } },
        async (request, reply) => {
          const minute = Math.floor(Date.now() / 60_000);
          if (tries.minute !== minute) tries = { minute, counts: new Map() };
          const count = tries.counts.get(request.ip) ?? 0;
          const { secret: given } = request.body as { secret: string };
          if (count >= MOST_TRIES)
            throw new StateaiError('too_many', 'Too many wrong secrets', 'Try again in a minute.');
          if (secret !== null && !same(given, secret)) {
            tries.counts.set(request.ip, count + 1);
            throw new StateaiError(
              'unauthorized',
              'This is not the admin secret',
              'It is STATEAI_ADMIN_SECRET.',
            );
          }
          const until = Math.floor(Date.now() / 1000) + SESSION_S;
          const secure = request.protocol === 'https' ? '; Secure' : '';
          reply.header(
            'Set-Cookie',
            `${COOKIE}=${until}.${signed(until)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_S}${secure}`,
          );
          return { isAdmin: true };
        },
      );
      app.post('/logout', async (_request, reply) => {
        reply.header('Set-Cookie', `${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`);
        return { isAdmin: false };
      });
    },
  };
}

function cookieOf(request: FastifyRequest): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    if (name === COOKIE) return value;
  }
  return null;
}

/** Basic (any user name, the secret as password: what a browser asks for) or Bearer. */
export function givenSecret(request: FastifyRequest): string | null {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value || null;
  if (scheme.toLowerCase() !== 'basic') return null;
  return Buffer.from(value, 'base64').toString().split(':').slice(1).join(':') || null;
}

function isOwnPage({ headers: { origin, host } }: FastifyRequest): boolean {
  return typeof origin !== 'string' || (URL.canParse(origin) && new URL(origin).host === host);
}

function isThisMachine(request: FastifyRequest): boolean {
  try {
    requireLoopback(request.headers);
    return isOwnPage(request);
  } catch {
    return false;
  }
}
