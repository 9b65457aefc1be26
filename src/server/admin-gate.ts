/** When the server listens beyond this machine, every request must carry the admin secret, or a session made with it. */
import type { FastifyInstance } from 'fastify';
import type { AdminSession } from './admin-session.ts';

/** Reached without: health for orchestrators, logging in, and the gateway, which has keys of its own. */
const OPEN = ['/healthz', '/readyz', '/stats/v1/admin/login'];

export function adminGate(server: FastifyInstance, { isAdmin }: AdminSession): void {
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (OPEN.includes(path) || path.startsWith('/api/')) return;
    if (isAdmin(request)) return;
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
