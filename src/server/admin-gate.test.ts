/** Senders of records on a server that asks for a secret: which addresses are theirs, and what they hear at others. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryDirectory } from '../testing/workspace.ts';
import { buildServer } from './server.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: FastifyInstance;
let key: string;
const SECRET = 'the-admin-secret-of-the-test';

beforeAll(async () => {
  directory = await temporaryDirectory();
  server = await buildServer({ dataDir: directory.path, adminSecret: SECRET, isOpen: false });
  const made = await server.inject({
    method: 'POST',
    url: '/stats/v1/admin/keys',
    headers: { authorization: `Bearer ${SECRET}` },
    payload: { name: 'OpenRouter', ingest: true },
  });
  key = /sk-sa-v1-\w+/.exec(made.body)?.[0] ?? made.body;
});
afterAll(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});

const send = (url: string) =>
  server.inject({ method: 'POST', url, headers: { authorization: `Bearer ${key}` }, payload: {} });

it.each(['/v1/traces', '/v1/traces/', '/api/public/otel/v1/traces/'])('%s is a door', async (url) => {
  const { statusCode, body } = await send(url);
  expect([statusCode, body]).toEqual([200, '{}']);
});

it('records are sent to an address with a slash behind as well', async () => {
  expect((await send('/stats/v1/generations/')).json()).toMatchObject({
    accepted: 0,
    rejected: [{ index: 0 }],
  });
});

it.each(['/', '/v1/trace', '/otlp/v1/traces'])(
  'who sends with a right key to %s hears where records go, and nothing of a secret',
  async (url) => {
    const response = await send(url);
    expect(response.statusCode).toBe(401);
    expect(response.json().error.next).toContain('/v1/traces');
  },
);

it.each(['/v1/traces', '/stats/v1/generations/'])('who looks at %s hears what it takes', async (url) => {
  const response = await server.inject({ url, headers: { authorization: `Bearer ${key}` } });
  expect(response.statusCode).toBe(404);
  expect(response.json().error.message).toMatch(/it takes POST$/);
});
