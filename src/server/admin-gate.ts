/** When the server listens beyond this machine, every request must carry the admin secret. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Basic (any user name, the secret as password: what a browser asks for) or Bearer. */
export function adminGate(server: FastifyInstance, secret: string): void {
  const wanted = digest(secret);
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    // The gateway has keys of its own.
    if (path === '/healthz' || path === '/readyz' || path.startsWith('/api/')) return;
    const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ', 2);
    const given =
      scheme.toLowerCase() === 'basic'
        ? Buffer.from(value, 'base64').toString().split(':').slice(1).join(':')
        : value;
    if (given !== '' && timingSafeEqual(digest(given), wanted)) return;
    reply.code(401).header('WWW-Authenticate', 'Basic realm="StateAI", charset="UTF-8"');
    return reply.send({
      error: {
        code: 'unauthorized',
        message: 'This server asks for the admin secret',
        next: 'Log in with any user name and the secret as password, or send it as a bearer token.',
      },
    });
  });
}
