/** When the server listens beyond this machine, every request must carry the admin secret, or a session made with it. */
import type { FastifyInstance } from 'fastify';
import type { AdminSession } from './admin-session.ts';
import { DOORS } from './not-found.ts';

/** Reached without: health for orchestrators, the page on which one logs in, and the gateway, which has keys of its own. */
const OPEN = [
  '/healthz',
  '/readyz',
  '/admin',
  '/admin/',
  '/favicon.svg',
  '/stats/v1/admin/session',
  '/stats/v1/admin/login',
];
/** The program of the page, which is everybody's; what it shows is asked for. */
const OPEN_FOLDERS = ['/api/', '/assets/'];
/** The page has a form for the secret: the browser need not ask for it. */
const HAS_FORM = '/stats/v1/admin/';

/** Somebody sends records to another path, as senders do that were given a wrong address. */
const IS_KEY = /^Bearer sk-sa-/i;

export function adminGate(server: FastifyInstance, { isAdmin }: AdminSession): void {
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (OPEN.includes(path) || OPEN_FOLDERS.some((folder) => path.startsWith(folder))) return;
    if (DOORS.includes(path.replace(/\/$/, '')) || isAdmin(request)) return;
    reply.code(401);
    if (!path.startsWith(HAS_FORM))
      reply.header('WWW-Authenticate', 'Basic realm="StateAI", charset="UTF-8"');
    return reply.send({
      error: {
        code: 'unauthorized',
        message: 'This server asks for the admin secret',
        next: IS_KEY.test(request.headers.authorization ?? '')
          ? 'What was sent is a key. With an ingest key records go to /v1/traces or /stats/v1/generations, and nowhere else.'
          : 'Log in with any user name and the secret as password, or send it as a bearer token.',
      },
    });
  });
}
