/** The gateway as part of the server: its configuration, accounts, records, metrics and its paths under `/api/v1`. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { OpenAccounts } from '../accounts/accounts.ts';
import { accountRoutes } from '../accounts/routes.ts';
import { loadCatalog } from '../catalog/catalog.ts';
import { openClassifier } from '../classify/open.ts';
import { createSampler, type Sampler } from '../classify/sampler.ts';
import { errorBody, failure, failureOf } from '../gateway/answer/errors.ts';
import { type GatewayConfig, readConfig } from '../gateway/config/config.ts';
import { createGateway, type Gateway } from '../gateway/gateway.ts';
import { generationRoutes } from '../gateway/generation-routes.ts';
import { listingRoutes } from '../gateway/listing-routes.ts';
import { createLog, logLevel } from '../gateway/operations/log.ts';
import { createMetrics, type Metrics } from '../gateway/operations/metrics.ts';
import { watchConfig } from '../gateway/operations/watch-config.ts';
import type { Detail } from '../gateway/recent.ts';
import { requireLoopback } from '../gateway/request/loopback.ts';
import { isStateaiError } from '../generation/errors.ts';
import { openDoorLog } from '../ingest/door-log.ts';
import { namesIn } from '../warehouse/files.ts';
import { openSegment } from '../warehouse/segment.ts';
import type { AdminSession } from './admin-session.ts';
import type { Context } from './context.ts';
import { nothingAt } from './not-found.ts';
import { createRecorder, type Recorder } from './recorder.ts';

/** How the gateway is doing at this moment. */
export interface GatewayState {
  /** Requests on their way. */
  inFlight: number;
  recordsWaiting: number;
  recordsLost: number;
  /** What keeps records from the disk; null = nothing. */
  trouble: string | null;
}

export interface GatewayFace {
  gateway: Gateway;
  recorder: Recorder;
  metrics: Metrics;
  /** One coin and one classifier for all that comes into this process. */
  sampler: Sampler;
  /** Of this process. */
  state(): GatewayState;
  /** Where the configuration is read from. */
  configFile: string;
  /** Reads the configuration now. Answers what is wrong with it, or null. */
  reload(): string | null;
  /** Takes note of a generation that a worker carried. */
  witness(detail: Detail): void;
  /** Calls back for each finished generation; returns how to stop that. */
  onGeneration(listener: (detail: Detail) => void): () => void;
  /** To be registered under `/api/v1`. */
  routes(app: FastifyInstance): Promise<void>;
  /** Lets requests on their way end, and puts their records on the disk. */
  drain(mostMs: number): Promise<void>;
  close(): Promise<void>;
}

/** What `drain` could not write in its time gets but one more chance. */
const LAST_TRY_MS = 1500;

const CONFIG_FILE = 'gateway.yaml';

export async function openGateway(
  context: Pick<Context, 'warehouse' | 'dataDir' | 'settling'>,
  accounts: OpenAccounts,
  isAdmin: AdminSession['isAdmin'],
  /** The accounts are in a database for several nodes. */
  isOneOfSeveral = false,
): Promise<GatewayFace> {
  const { warehouse, settling, dataDir } = context;
  const path = process.env.STATEAI_CONFIG || join(dataDir, CONFIG_FILE);
  const config = readConfig(path);
  const store = warehouse.dataset(config.dataset);
  await store.takesRecords();
  // What another process left in the journal before the dataset had anything else, a crash perhaps, is taken up as well.
  if ((await namesIn(store.layout.journal)).length > 0) settling.soon(config.dataset);
  const doors = openDoorLog(store.layout);
  let isMade = false;
  const recorder = createRecorder({
    async open() {
      if (!isMade) await mkdir(store.layout.journal, { recursive: true });
      isMade = true;
      return openSegment(store.layout);
    },
    stored(accepted, newest) {
      doors.note('gateway', { accepted, newest });
      settling.soon(config.dataset);
    },
  });
  const listeners = new Set<(detail: Detail) => void>();
  const metrics: Metrics = createMetrics({
    inFlight: () => gateway.inFlight(),
    recordsWaiting: recorder.waiting,
    recordsLost: recorder.lost,
    sampling: () => sampler.counts,
  });
  const log = createLog(logLevel(), (line) => void process.stderr.write(line));
  const classifier = openClassifier(() => gateway.upstreams().config.classifier);
  const sampler = createSampler({
    settings() {
      const { sampleRate, classifier } = gateway.upstreams().config;
      return { rate: sampleRate, exceptApps: classifier.exceptApps ?? [] };
    },
    classifier,
  });
  const gateway: Gateway = createGateway({
    config,
    catalog: await loadCatalog({ dataDir }),
    accounts,
    hashAccount: warehouse.hashAccount,
    hashSession: warehouse.hashSession,
    record: recorder.record,
    annotate: sampler.annotate,
    onFinished(exchange, record) {
      metrics.finished(exchange, record);
      log.finished(exchange, record);
      const detail = listeners.size > 0 ? gateway.recent.get(record.id) : null;
      if (detail) for (const listener of listeners) listener(detail);
    },
  });
  const reconfigure = (next: GatewayConfig) => {
    if (next.dataset !== config.dataset)
      process.stderr.write(`Records go on into ${config.dataset}: another dataset takes a new start.\n`);
    gateway.reconfigure({ ...next, dataset: config.dataset });
  };
  const watching = existsSync(dataDir) ? watchConfig(path, reconfigure) : null;
  return {
    gateway,
    recorder,
    metrics,
    sampler,
    state: () => ({
      inFlight: gateway.inFlight(),
      recordsWaiting: recorder.waiting(),
      recordsLost: recorder.lost(),
      trouble: recorder.trouble(),
    }),
    configFile: path,
    reload: () => watching?.reload() ?? null,
    witness(detail) {
      gateway.witness(detail);
      for (const listener of listeners) listener(detail);
    },
    onGeneration(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async routes(app) {
      app.setErrorHandler((error, request, reply) => {
        const { statusCode } = error as { statusCode?: number };
        const failed =
          isStateaiError(error) || !statusCode || statusCode >= 500
            ? failureOf(error)
            : failure('bad_request', (error as Error).message, { status: statusCode });
        if (failed.retryAfter !== null) reply.header('Retry-After', failed.retryAfter);
        reply.code(failed.status).send(errorBody('chat', failed, request.id));
      });
      app.setNotFoundHandler((request, reply) => {
        const failed = failure(
          'not_found',
          nothingAt(request.method, request.url.split('?')[0]?.slice(0, 120) ?? ''),
        );
        reply.code(404).send(errorBody('chat', failed, request.id));
      });
      await app.register(
        accountRoutes({ accounts, isAdmin, requireOwnMachine: ({ headers }) => requireLoopback(headers) }),
      );
      await app.register(listingRoutes(gateway));
      await app.register(
        generationRoutes({
          gateway,
          find: (id) => store.find(id),
          hashAccount: warehouse.hashAccount,
          isOneOfSeveral,
        }),
      );
    },
    async drain(mostMs) {
      await gateway.drain(mostMs);
      await sampler.flush();
      await recorder.flush();
    },
    async close() {
      watching?.close();
      // Answers that were cut off just now become records too.
      await gateway.drain(LAST_TRY_MS);
      await gateway.close();
      await sampler.flush(LAST_TRY_MS);
      await recorder.flush(LAST_TRY_MS);
      await recorder.close();
      await doors.flush();
      if (recorder.waiting() > 0)
        process.stderr.write(`${recorder.waiting()} records could not be written.\n`);
      await accounts.close().catch((error: Error) => {
        process.stderr.write(`What was used could not be written to the accounts: ${error.message}\n`);
      });
    },
  };
}
