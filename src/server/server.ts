/** The HTTP server: report page, exhibits, ingest. Each face is a plugin; this file puts them together. */
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { type HostingAccounts, openAccounts } from '../accounts/accounts.ts';
import { accountAdminRoutes } from '../accounts/admin-routes.ts';
import { encryptionSecret } from '../accounts/secrets.ts';
import { serverWith } from '../gateway/http-server.ts';
import { gatewayHandler } from '../gateway/routes.ts';
import { StateaiError } from '../generation/errors.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { adminGate } from './admin-gate.ts';
import { adminSession } from './admin-session.ts';
import { closerOfConnections } from './close-connections.ts';
import type { Context } from './context.ts';
import { demo } from './demo.ts';
import { doors } from './doors.ts';
import { everyAnswer } from './every-answer.ts';
import { type GatewayFace, openGateway } from './gateway.ts';
import { gatewayAdmin } from './gateway-admin.ts';
import { guides } from './guides.ts';
import { imports } from './imports.ts';
import { liveDoors } from './live-doors.ts';
import { liveRecords } from './live-records.ts';
import { notFound } from './not-found.ts';
import { openReports } from './report-service.ts';
import { runCommand } from './run-command.ts';
import { createSettling, type Settling } from './settling.ts';
import { stats } from './stats.ts';
import type { Workers } from './workers.ts';

export interface ServerOptions {
  dataDir: string;
  /** What an admin logs in with; without one, an open server trusts this machine. */
  adminSecret: string | null;
  /** Only this machine can reach the server; by default so if there is no admin secret. Else everybody must log in. */
  isOpen?: boolean;
  /** PostgreSQL for the accounts; null or absent: PGlite in the data directory. */
  databaseUrl?: string | null;
  /** Called as soon as this server listens: workers carry the traffic, and pass on what is no traffic. null: none are wanted. */
  startWorkers?(parts: WorkerParts): Workers | null;
  /** How long requests on their way may take when the server stops; milliseconds. */
  drainMs?: number;
  /** How long a client may take to send its request; milliseconds. */
  slowestRequestMs?: number;
  /** Generations of the demo that an empty data directory gets; null or absent: none. */
  demoGenerations?: number | null;
}

/** Answers that take longer are cut when the server stops. */
export const DRAIN_MS = 600_000;

/** A request that has not arrived by then is given up: slow senders must not hold connections. */
export const SLOWEST_REQUEST_MS = 300_000;
export const SLOWEST_HEADERS_MS = 60_000;

export interface WorkerParts {
  face: GatewayFace;
  accounts: HostingAccounts;
  settling: Settling;
  /** Takes up what stands in the journals of all datasets: a process that crashed tells nobody of its last records. */
  settleAll(): Promise<void>;
  /** Where this server listens. */
  port: number;
}

export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const warehouse = await openWarehouse(options.dataDir);
  const reports = await openReports(warehouse, { cache: true });
  const settle = async (dataset: string) => {
    if (!existsSync(join(warehouse.dataDir, 'workspace.json')))
      throw new StateaiError('no_data', `the data directory ${warehouse.dataDir} is gone`);
    // One thread needs less of the processors for it than several do.
    const env = { STATEAI_THREADS: '1' };
    if ((await runCommand(['settle', '--dataset', dataset, '--data', warehouse.dataDir], { env })) !== 0)
      throw new StateaiError('failed', `the marts of ${dataset} could not be brought up to date`);
  };
  const settling = createSettling(settle);
  const stopping = new AbortController();
  const context: Context = {
    warehouse,
    reports,
    dataDir: warehouse.dataDir,
    settle,
    settling,
    stopping: stopping.signal,
  };
  const isOpen = options.isOpen ?? options.adminSecret === null;
  const accounts = await openAccounts({
    dataDir: warehouse.dataDir,
    databaseUrl: options.databaseUrl ?? null,
    secret: encryptionSecret(warehouse.secret),
    open: isOpen,
    whileAway: (trouble) =>
      void process.stderr.write(
        trouble ? `${trouble}; it is tried again until they can.\n` : 'The accounts are reachable.\n',
      ),
  });
  const session = adminSession(options.adminSecret, isOpen);
  const face = await openGateway(context, accounts, session.isAdmin, Boolean(options.databaseUrl));
  let workers: Workers | null = null;
  const slowest = options.slowestRequestMs ?? SLOWEST_REQUEST_MS;
  const handle = gatewayHandler(face.gateway);
  const server = Fastify({
    logger: false,
    bodyLimit: 64 << 20,
    forceCloseConnections: 'idle',
    // It would count for stopping as well, which takes as long as the longest answer under way.
    pluginTimeout: 0,
    serverFactory: serverWith((...traffic) => !stopping.signal.aborted && handle(...traffic), {
      headersMs: Math.min(SLOWEST_HEADERS_MS, slowest),
      requestMs: slowest,
    }),
    // Said below in each face's own words; readiness goes on being told.
    return503OnClosing: false,
  });
  const closeConnections = closerOfConnections(server.server);
  everyAnswer(server, () => stopping.signal.aborted);
  server.setNotFoundHandler(notFound);
  if (!isOpen) adminGate(server, session);
  await server.register(swagger, { openapi: { info: { title: 'StateAI', version: '1' } } });
  await server.register(stats(context), { prefix: '/stats/v1' });
  await server.register(doors(context), { prefix: '/stats/v1' });
  await server.register(imports(context), { prefix: '/stats/v1' });
  const records = liveRecords(context);
  const settleAll = async () => {
    for (const name of await warehouse.datasets()) settling.soon(name);
  };
  await settleAll();
  const senders = { accounts, isAdmin: session.isAdmin, isOpen };
  await server.register(liveDoors({ context, records, senders, sampler: face.sampler }));
  await server.register(demo(context, options.demoGenerations ?? null), { prefix: '/stats/v1' });
  const admin = { prefix: '/stats/v1/admin' };
  await server.register(session.routes, admin);
  await server.register(accountAdminRoutes({ accounts, isAdmin: session.isAdmin }), admin);
  await server.register(
    gatewayAdmin({
      face,
      isAdmin: session.isAdmin,
      state: () => workers?.state() ?? face.state(),
      onReload: () => workers?.reload(),
      stopping: stopping.signal,
    }),
    admin,
  );
  await server.register(face.routes, { prefix: '/api/v1' });
  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type(face.metrics.registry.contentType)
      .send(await (workers ? workers.metrics() : face.metrics.registry.metrics())),
  );
  server.get('/stats/openapi.json', { schema: { hide: true } }, () => server.swagger());
  server.get('/healthz', () => ({ ok: true }));
  server.get('/readyz', async (_request, reply) => {
    const trouble = stopping.signal.aborted
      ? 'It is stopping'
      : ((workers?.state() ?? face.state()).trouble ?? accounts.trouble());
    return reply
      .code(trouble ? 503 : 200)
      .send({ ok: !trouble, trouble, datasets: (await warehouse.datasets()).length });
  });
  await server.register(guides, { prefix: '/guides' });
  await servePage(server);
  server.addHook('onListen', async () => {
    const { port } = server.server.address() as AddressInfo;
    workers = options.startWorkers?.({ face, accounts, settling, settleAll, port }) ?? null;
  });
  server.addHook('preClose', async () => {
    stopping.abort();
    await workers?.stop();
    // Nobody new is let in; connections end with the answer that they wait for.
    server.server.close();
    server.server.closeIdleConnections();
    await face.drain(options.drainMs ?? DRAIN_MS);
    await closeConnections();
  });
  server.addHook('onClose', async () => {
    await face.close();
    await records.close();
    await settling.close();
    await warehouse.close();
  });
  return server;
}

/** The built page lies in dist/web, of the clone as of the package. */
async function servePage(server: FastifyInstance): Promise<void> {
  const candidates = ['../web/', '../../dist/web/'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const root = candidates.find((path) => existsSync(`${path}index.html`) && existsSync(`${path}assets`));
  if (root)
    await server.register(fastifyStatic, {
      root,
      cacheControl: false,
      // Assets carry a hash in their name, the page that names them does not.
      setHeaders: (reply, path) => {
        reply.header(
          'Cache-Control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  if (root) {
    // The router of the page knows them; its files are named from the folder above.
    for (const page of ['admin', 'doors']) {
      server.get(`/${page}`, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
      server.get(`/${page}/`, { schema: { hide: true } }, (_request, reply) =>
        reply.redirect(`../${page}`, 308),
      );
    }
  } else
    server.get('/', (_request, reply) =>
      reply.code(503).type('text/plain').send('The page is not built. In a clone, npm start builds it.\n'),
    );
}
