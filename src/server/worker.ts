/**
 * A gateway worker: a process that carries traffic and takes in records, into a journal of its own, and nothing else.
 * Accounts, reports and marts are the first process's business; whatever is asked of them is passed on to it.
 */
import Fastify from 'fastify';
import { Agent } from 'undici';
import { processChannel } from '../accounts/channel.ts';
import { remoteAccounts } from '../accounts/remote.ts';
import { type HttpLimits, serverWith } from '../gateway/http-server.ts';
import type { Detail } from '../gateway/recent.ts';
import { gatewayHandler } from '../gateway/routes.ts';
import { openWarehouse } from '../warehouse/warehouse.ts';
import { adminSession } from './admin-session.ts';
import { closerOfConnections } from './close-connections.ts';
import { takeConnections } from './deal-connections.ts';
import { everyAnswer } from './every-answer.ts';
import { type GatewayState, openGateway } from './gateway.ts';
import { liveDoors } from './live-doors.ts';
import { liveRecords } from './live-records.ts';
import type { Measured } from './metrics-sum.ts';
import { passOn } from './pass-on.ts';

/** What a worker tells the first process. */
export type WorkerMessage =
  | { worker: 'finished'; details: Detail[] }
  | { worker: 'records'; dataset: string }
  | { worker: 'state'; state: GatewayState }
  | { worker: 'ready' }
  | { worker: 'alive' }
  | { worker: 'stopping' }
  | { worker: 'took' | 'missed'; connection: number }
  | { worker: 'metrics'; question: number; values: Measured };

/** What the first process asks of a worker. */
export interface MetricsQuestion {
  metrics: number;
}

export interface WorkerOptions extends HttpLimits {
  dataDir: string;
  /** Where the first process answers. */
  primary: string;
  drainMs: number;
  /** As for the first process: they tell who may send records. */
  adminSecret: string | null;
  isOpen: boolean;
}

/** Finished generations are told in batches of this long. */
const TELL_MS = 20;
/** How often it says that it lives, and looks whether its state is another. */
const STATE_MS = 1000;

/** Serves until it is told to stop. */
export async function runWorker(options: WorkerOptions): Promise<{ close(): Promise<void> }> {
  const tell = (message: WorkerMessage) =>
    void process.send?.(message, undefined, undefined, () => undefined);
  const warehouse = await openWarehouse(options.dataDir);
  const accounts = remoteAccounts(processChannel(process));
  const context = {
    warehouse,
    dataDir: warehouse.dataDir,
    settling: {
      soon: (dataset: string) => tell({ worker: 'records', dataset }),
      close: async () => undefined,
    },
  };
  const { isAdmin } = adminSession(options.adminSecret, options.isOpen);
  const face = await openGateway(context, accounts, isAdmin);
  const records = liveRecords(context);
  let details: Detail[] = [];
  const flush = () => {
    if (details.length > 0) tell({ worker: 'finished', details });
    details = [];
  };
  face.onGeneration((detail) => {
    details.push(detail);
  });
  const telling = setInterval(flush, TELL_MS);
  let told = '';
  const tellingState = setInterval(() => {
    tell({ worker: 'alive' });
    const state = face.state();
    const now = JSON.stringify(state);
    if (now !== told) tell({ worker: 'state', state });
    told = now;
  }, STATE_MS);
  process.on('message', async (message) => {
    const { metrics: question } = message as Partial<MetricsQuestion>;
    if (question !== undefined)
      tell({ worker: 'metrics', question, values: await face.metrics.registry.getMetricsAsJSON() });
  });

  const handle = gatewayHandler(face.gateway);
  let isStopping = false;
  const server = Fastify({
    logger: false,
    forceCloseConnections: 'idle',
    pluginTimeout: 0,
    // Said in our own words.
    return503OnClosing: false,
    serverFactory: serverWith((...traffic) => !isStopping && handle(...traffic), options),
  });
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const closeConnections = closerOfConnections(server.server);
  everyAnswer(server, () => isStopping);
  const senders = { accounts, isAdmin, isOpen: options.isOpen };
  await server.register(liveDoors({ context, records, senders, sampler: face.sampler }));
  await server.register(passOn(options.primary, agent));
  server.addHook('preClose', async () => {
    isStopping = true;
    tell({ worker: 'stopping' });
    server.server.close();
    server.server.closeIdleConnections();
    await face.drain(options.drainMs);
    await closeConnections();
  });
  server.addHook('onClose', async () => {
    clearInterval(telling);
    clearInterval(tellingState);
    flush();
    await face.close();
    await records.close();
    await warehouse.close();
    await agent.close();
  });
  // Slow clients are looked for only by a server that listens, so it does, where nobody but this machine comes.
  await server.listen({ port: 0, host: '127.0.0.1', exclusive: true });
  takeConnections(server.server, {
    took: (connection) => tell({ worker: 'took', connection }),
    missed: (connection) => tell({ worker: 'missed', connection }),
  });
  tell({ worker: 'ready' });
  return server;
}
