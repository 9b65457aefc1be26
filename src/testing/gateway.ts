/** A gateway for tests: on a free port, open to everybody, its records in a list. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { Accounts, Caller } from '../accounts/contract.ts';
import { loadCatalog } from '../catalog/catalog.ts';
import { resolveConfig } from '../gateway/config/config.ts';
import type { ConfigFile } from '../gateway/config/schema.ts';
import type { Annotate } from '../gateway/contract.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import { generationRoutes } from '../gateway/generation-routes.ts';
import { serverWith } from '../gateway/http-server.ts';
import { listingRoutes } from '../gateway/listing-routes.ts';
import { gatewayHandler } from '../gateway/routes.ts';
import type { Generation } from '../generation/generation.ts';
import { pseudonym } from '../generation/ids.ts';

export interface TestGateway {
  /** Up to and with `/api/v1`. */
  url: string;
  gateway: Gateway;
  records: Generation[];
  /** Resolves with the record number `index` as soon as it is there. */
  record(index?: number): Promise<Generation>;
  close(): Promise<void>;
}

const OPEN: Caller = {
  account: {
    id: 'local',
    name: 'local',
    country: 'DE',
    limits: { spend: {}, requestsPerMinute: null, tokensPerMinute: null, models: null },
    credits: null,
    apps: [],
    sampling: true,
    disabled: false,
    createdAt: 0,
  },
  key: null,
};

/** Everybody may do everything. */
export const openToAll: Accounts = {
  authenticate: async () => OPEN,
  reserve: async () => ({ settle: () => undefined }),
  byokKey: async () => null,
  flush: async () => undefined,
  close: async () => undefined,
};

export async function testGateway(
  file: ConfigFile = {},
  accounts: Accounts = openToAll,
  annotate?: Annotate,
): Promise<TestGateway> {
  const records: Generation[] = [];
  const waiting = new Set<() => void>();
  const gateway = createGateway({
    config: resolveConfig({ environment: false, ...file }, {}),
    catalog: await loadCatalog({ dataDir: '/nowhere' }),
    accounts,
    hashAccount: (name) => pseudonym('secret', 'account', name),
    hashSession: (name) => pseudonym('secret', 'session', name),
    annotate,
    record(generation) {
      records.push(generation);
      for (const look of waiting) look();
    },
  });
  const server = Fastify({
    forceCloseConnections: true,
    serverFactory: serverWith(gatewayHandler(gateway), { headersMs: 60_000, requestMs: 300_000 }),
  });
  await server.register(listingRoutes(gateway), { prefix: '/api/v1' });
  await server.register(
    generationRoutes({
      gateway,
      find: async (id) => records.find((r) => r.id === id) ?? null,
      hashAccount: (name) => pseudonym('secret', 'account', name),
    }),
    { prefix: '/api/v1' },
  );
  const address = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    url: `${address}/api/v1`,
    gateway,
    records,
    record: (index = 0) =>
      new Promise((resolve) => {
        const look = () => {
          const found = records[index];
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async close() {
      await server.close();
      await gateway.close();
    },
  };
}

export interface FakeUpstream {
  url: string;
  /** What it was asked, in order. */
  requests: { path: string; headers: IncomingMessage['headers']; body: string }[];
  close(): Promise<void>;
}

/** An upstream that answers as a function says; the function gets the request with its body read. */
export async function fakeUpstream(
  answer: (response: ServerResponse, request: FakeUpstream['requests'][number]) => unknown,
): Promise<FakeUpstream> {
  const requests: FakeUpstream['requests'] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(seen);
    await answer(response, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Chat completion chunks as an upstream streams them. */
export const chatEvents = (words: readonly string[], more: object = {}): string[] => [
  ...words.map(
    (content, i) =>
      `data: ${JSON.stringify({ id: 'up-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: i === 0 ? { role: 'assistant', content } : { content }, finish_reason: null }], ...more })}\n\n`,
  ),
  `data: ${JSON.stringify({ id: 'up-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
  `data: ${JSON.stringify({ id: 'up-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 7, completion_tokens: words.length, total_tokens: 7 + words.length } })}\n\n`,
  'data: [DONE]\n\n',
];

/** A whole chat completion. */
export const chatBody = (
  content = 'Hello.',
  usage: object | null = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
) => ({
  id: 'up-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  ...(usage ? { usage } : {}),
});

export const json = (response: ServerResponse, body: unknown, status = 200, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
