/** What holds for every answer of a process of ours, whatever it is about. */
import type { FastifyInstance } from 'fastify';
import { StateaiError } from '../generation/errors.ts';
import { sendError } from './errors.ts';

/** Paths that are answered while the server stops. */
const TELLS_OF_ITSELF = /^\/(healthz|readyz|metrics)\b/;

/** Errors in one shape, headers against guesses of browsers, and 503 for what comes while it stops. */
export function everyAnswer(server: FastifyInstance, isStopping: () => boolean): void {
  server.addHook('onRequest', async (request) => {
    if (isStopping() && !TELLS_OF_ITSELF.test(request.url))
      throw new StateaiError('busy', 'The server is stopping', 'Send the request again in a few seconds.');
  });
  server.setErrorHandler(sendError);
  server.addHook('onSend', async (_request, reply) => {
    reply.header('X-Content-Type-Options', 'nosniff').header('Referrer-Policy', 'no-referrer');
  });
}
