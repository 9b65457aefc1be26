/** The first process's side of several gateway workers: it starts them, serves their accounts, and hears what they did. */
import cluster, { type Worker } from 'node:cluster';
import type { HostingAccounts } from '../accounts/accounts.ts';
import { processChannel } from '../accounts/channel.ts';
import { serveAccounts } from '../accounts/remote.ts';
import type { Detail } from '../gateway/recent.ts';
import { dealConnections } from './deal-connections.ts';
import type { GatewayState } from './gateway.ts';
import { type Measured, metricsSum } from './metrics-sum.ts';
import { noticeSilence } from './silence.ts';
import type { MetricsQuestion, WorkerMessage } from './worker.ts';

export interface Workers {
  /** Resolves with the port when all of them serve it. @throws what listening throws, EADDRINUSE for example */
  listening: Promise<number>;
  /** The metrics of all that are up, added up, with what others had counted. One that starts or hangs keeps nobody waiting. */
  metrics(): Promise<string>;
  /** Of all of them together, about a second old. */
  state(): GatewayState;
  /** They read their configuration again. */
  reload(): void;
  /** Resolves when all have ended what they had begun. */
  stop(): Promise<void>;
}

export interface WorkersOptions {
  count: number;
  host: string;
  port: number;
  accounts: HostingAccounts;
  /** Variables for their environment. */
  environment: Record<string, string>;
  onFinished(detail: Detail): void;
  onRecords(dataset: string): void;
  /** A worker is gone without having been told to stop. */
  onCrash(): void;
}

/** A worker that died comes back, but not at once if it dies again and again. */
const RESTART_MS = 500;
/** A worker that was told to stop and does not say in this time that it does hangs: it is killed. */
const HUNG_MS = 15_000;
/** Workers say every second that they live. One that has not for so many, its event loop blocked, is killed. */
const LONGEST_SILENCE_S = 30;
/** Of a worker that does not tell its metrics in this time those before count; Prometheus itself waits ten seconds. */
const METRICS_MS = 2000;

export function startWorkers({
  count,
  host,
  port,
  accounts,
  environment,
  onFinished,
  onRecords,
  onCrash,
}: WorkersOptions): Workers {
  /** Workers that serve, and who waits for what they measured. */
  const ready = new Set<Worker>();
  /** Workers that have neither ended nor said that they stop. */
  const going = new Set<Worker>();
  const waiting = new Map<string, (values: Measured) => void>();
  const sum = metricsSum<Worker>();
  let questions = 0;
  let isStopping = false;
  const dealer = dealConnections();
  const { promise: allReady, resolve: areReady } = Promise.withResolvers<void>();
  const states = new Map<number, GatewayState>();
  const silence = noticeSilence<Worker>(LONGEST_SILENCE_S);
  const watching = setInterval(() => {
    for (const worker of silence.look()) {
      process.stderr.write(`A gateway worker did not answer for ${LONGEST_SILENCE_S} s and is killed.\n`);
      worker.process.kill('SIGKILL');
    }
  }, 1000).unref();
  const hear = (worker: Worker, message: WorkerMessage) => {
    if (message.worker === 'alive') silence.heard(worker);
    else if (message.worker === 'finished') for (const detail of message.details) onFinished(detail);
    else if (message.worker === 'records') onRecords(message.dataset);
    else if (message.worker === 'state') states.set(worker.id, message.state);
    else if (message.worker === 'metrics') waiting.get(`${worker.id} ${message.question}`)?.(message.values);
    else if (message.worker === 'took') dealer.took(message.connection);
    else if (message.worker === 'missed') dealer.missed(message.connection);
    else if (message.worker === 'stopping') {
      dealer.retire(worker);
      replace(worker);
    } else if (message.worker === 'ready') {
      ready.add(worker);
      silence.heard(worker);
      dealer.join(worker);
      if (ready.size >= count) areReady();
    }
  };
  const measuredBy = async (worker: Worker): Promise<Measured | null> => {
    const question = ++questions;
    const name = `${worker.id} ${question}`;
    const { promise, resolve } = Promise.withResolvers<Measured | null>();
    waiting.set(name, resolve);
    const timer = setTimeout(() => resolve(null), METRICS_MS);
    worker.send({ metrics: question } satisfies MetricsQuestion, () => undefined);
    const values = await promise;
    clearTimeout(timer);
    waiting.delete(name);
    return values;
  };
  const start = () => {
    if (isStopping) return;
    const worker = cluster.fork(environment);
    going.add(worker);
    const forget = serveAccounts(accounts, processChannel(worker));
    worker.on('message', (message: WorkerMessage) => hear(worker, message));
    worker.on('exit', (code, signal) => {
      dealer.leave(worker);
      silence.forget(worker);
      sum.gone(worker);
      forget();
      states.delete(worker.id);
      ready.delete(worker);
      if (isStopping) return;
      onCrash();
      process.stderr.write(`A gateway worker ended (${signal ?? code}); another one takes its place.\n`);
      replace(worker);
    });
  };
  /** Another one takes its place, once. */
  const replace = (worker: Worker) => {
    if (going.delete(worker)) setTimeout(start, RESTART_MS);
  };
  const listening = dealer.listen({ host, port }).then(async (port) => {
    for (let i = 0; i < count; i++) start();
    await allReady;
    return port;
  });
  // Whoever waits for it hears of it.
  listening.catch(() => undefined);
  const all = (): Worker[] => Object.values(cluster.workers ?? {}).filter((w) => w !== undefined);
  return {
    listening,
    async metrics() {
      const answers = await Promise.all(
        [...ready].map(async (worker) => [worker, await measuredBy(worker)] as const),
      );
      return sum.text(new Map(answers.filter(([worker]) => ready.has(worker))));
    },
    state() {
      const all = [...states.values()];
      const sum = (key: 'inFlight' | 'recordsWaiting' | 'recordsLost') =>
        all.reduce((total, each) => total + each[key], 0);
      return {
        inFlight: sum('inFlight'),
        recordsWaiting: sum('recordsWaiting'),
        recordsLost: sum('recordsLost'),
        trouble: all.find((each) => each.trouble !== null)?.trouble ?? null,
      };
    },
    reload() {
      for (const worker of all()) worker.process.kill('SIGHUP');
    },
    async stop() {
      isStopping = true;
      clearInterval(watching);
      dealer.close();
      await Promise.all(
        all().map(
          (worker) =>
            new Promise<void>((done) => {
              if (worker.isDead()) return done();
              const kill = setTimeout(() => going.has(worker) && worker.process.kill('SIGKILL'), HUNG_MS);
              worker.once('exit', () => {
                clearTimeout(kill);
                done();
              });
              worker.process.kill('SIGTERM');
            }),
        ),
      );
    },
  };
}
