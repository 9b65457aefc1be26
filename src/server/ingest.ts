/** Records over HTTP: a JSON array or JSON lines of generations, acknowledged when they are on the disk. */
import type { FastifyInstance } from 'fastify';
import { StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { validateGeneration } from '../generation/validate.ts';
import type { Context } from './context.ts';

export const ingest = (context: Context) => async (app: FastifyInstance) => {
  // What another process left in the journal, a crash perhaps, is taken up at once.
  for (const name of await context.warehouse.datasets()) context.settling.soon(name);

  app.addContentTypeParser(
    ['application/x-ndjson', 'text/plain'],
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );

  app.post('/generations', async (request, reply) => {
    const { dataset = 'live' } = request.query as { dataset?: string };
    const store = context.warehouse.dataset(dataset);
    await store.takesRecords();
    const good: Generation[] = [];
    const rejected: { index: number; reasons: string[] }[] = [];
    records(request.body).forEach((record, index) => {
      const { generation, problems } = validateGeneration(withDefaults(record, context));
      if (generation) good.push(generation);
      else rejected.push({ index, reasons: problems });
    });
    await (await store.journal()).append(good);
    if (good.length > 0) context.settling.soon(dataset);
    reply.code(good.length === 0 && rejected.length > 0 ? 400 : 200);
    return { accepted: good.length, rejected };
  });
};

function records(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  if (typeof body === 'object' && body !== null) return [body];
  if (typeof body !== 'string')
    throw new StateaiError(
      'bad_body',
      'The body is empty',
      'Send a JSON array of generations, or one JSON object a line as application/x-ndjson.',
    );
  return body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return 'not JSON';
      }
    });
}

/** Names of people and sessions become pseudonyms at the door. */
function withDefaults(record: unknown, { warehouse }: Context): unknown {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return record;
  const given = record as Record<string, unknown>;
  return {
    source: 'http',
    ...given,
    ...(typeof given.account === 'string' ? { account: warehouse.hashAccount(given.account) } : {}),
    ...(typeof given.session === 'string' ? { session: warehouse.hashSession(given.session) } : {}),
  };
}
