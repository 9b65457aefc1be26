/** `stateai start`: serves until it is told to stop. */
import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeServerAddress } from '../accounts/server-address.ts';
import { logLevel } from '../gateway/operations/log.ts';
import { StateaiError } from '../generation/errors.ts';
import { lastWords } from '../server/crash.ts';
import { niceness } from '../server/run-command.ts';
import { buildServer, DRAIN_MS, SLOWEST_HEADERS_MS, SLOWEST_REQUEST_MS } from '../server/server.ts';
import { runWorker } from '../server/worker.ts';
import { startWorkers, type Workers } from '../server/workers.ts';

/** Enough for every exhibit to be read, few enough to be made while one reads the first lines. */
const DEMO_GENERATIONS = 1e6;
const LOOPBACK = '127.0.0.1';

interface StartOptions {
  data: string;
  port: string;
  host: string;
  demo: boolean;
  workers: string;
}

export async function start(options: StartOptions): Promise<void> {
  if (cluster.isWorker) return work(options);
  const port = portOf(options.port);
  const count = workersOf(options.workers);
  const isOpen = isLoopback(options.host);
  if (!isOpen && !process.env.STATEAI_ADMIN_SECRET)
    throw new StateaiError(
      'no_admin_secret',
      `Listening on ${options.host} lets others in`,
      'Set STATEAI_ADMIN_SECRET (they log in with it), or listen on 127.0.0.1.',
    );
  // What is set wrongly is told now, not when it is first needed.
  logLevel();
  niceness();
  survive();
  let workers: Workers | null = null;
  const server = await buildServer({
    dataDir: options.data,
    adminSecret: process.env.STATEAI_ADMIN_SECRET || null,
    isOpen,
    databaseUrl: process.env.STATEAI_DATABASE_URL || null,
    demoGenerations: options.demo ? DEMO_GENERATIONS : null,
    startWorkers(parts) {
      if (count === 0) return null;
      workers = startWorkers({
        count,
        host: options.host,
        port,
        accounts: parts.accounts,
        environment: { STATEAI_PRIMARY: `http://${LOOPBACK}:${parts.port}` },
        onFinished: parts.face.witness,
        onRecords: parts.settling.soon,
        onCrash: () => void parts.settleAll().catch(() => undefined),
      });
      return workers;
    },
  });
  lastWordsOf(() => server.close());
  let actual: number;
  try {
    await server.listen(count > 0 ? { port: 0, host: LOOPBACK } : { port, host: options.host });
    actual = workers ? await (workers as Workers).listening : (server.server.address() as AddressInfo).port;
  } catch (error) {
    await server.close();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portInUse(port, error) : error;
  }
  const forget = await writeServerAddress(options.data, options.host, actual);
  // Listened to before the address is told: who reads it may stop the server in the same moment.
  const stopped = toldToStop();
  process.stdout.write(`StateAI is at http://${shown(options.host)}:${actual}\n`);
  await stopped;
  process.stderr.write('Stopping.\n');
  await forget();
  await server.close();
  process.exit(0);
}

/** This process is a gateway worker: it ends when the first process tells it to, or is gone. */
async function work({ data, host }: StartOptions): Promise<void> {
  survive();
  // Node's cluster would end it at once if the first process were gone, in the middle of its answers.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  // It may be told so, or the first process be gone, while it starts.
  const stopped = toldToStop();
  const worker = await runWorker({
    dataDir: data,
    primary: process.env.STATEAI_PRIMARY ?? '',
    drainMs: DRAIN_MS,
    headersMs: SLOWEST_HEADERS_MS,
    requestMs: SLOWEST_REQUEST_MS,
    adminSecret: process.env.STATEAI_ADMIN_SECRET || null,
    isOpen: isLoopback(host),
  });
  lastWordsOf(() => worker.close());
  await stopped;
  await worker.close();
  process.exit(0);
}

const portInUse = (port: number, cause: unknown): StateaiError =>
  new StateaiError(
    'port_in_use',
    `Port ${port} is taken`,
    'Stop the other program, or choose another with --port.',
    cause,
  );

/** npm and a terminal may both pass the signal on: repeats must not kill a server that is closing. */
const toldToStop = (): Promise<void> =>
  new Promise((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
    if (cluster.isWorker) process.on('disconnect', () => resolve());
  });

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StateaiError('bad_port', `"${text}" is no port`, 'Use a number from 0 (any free port) to 65535.');
}

/** 0: this process carries the traffic too. */
function workersOf(text: string): number {
  if (text === 'auto') return availableParallelism();
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= 256) return count;
  throw new StateaiError('bad_workers', `"${text}" is no number of workers`, 'Use 0 to 256, or auto.');
}

const shown = (host: string): string =>
  host.includes(':') ? `[${host}]` : host === LOOPBACK ? 'localhost' : host;

/** Records of what was answered get so long when the process dies of an error that nobody expected. */
const LAST_MS = 2000;

function lastWordsOf(close: () => Promise<unknown>): void {
  process.on('uncaughtException', (error) => {
    process.stderr.write(lastWords(error));
    void Promise.race([close(), sleep(LAST_MS)]).finally(() => process.exit(1));
  });
}

/** Who reads our output may go away; that stops nothing. */
function survive(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);
