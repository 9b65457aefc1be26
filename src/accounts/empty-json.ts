/** Requests that say JSON and send nothing, as clients do that send the same headers with every method. */
import type { FastifyInstance } from 'fastify';

/** An empty body is none; a route that needs one says so. */
export function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}
