/** The gateway put together: upstreams of the configuration of now, health, accounts; finished requests go to listeners. */
import type { Accounts } from '../accounts/contract.ts';
import type { Catalog } from '../catalog/contract.ts';
import { splitVariant } from '../catalog/slug.ts';
import type { Generation } from '../generation/generation.ts';
import { type Failure, isOwnFault } from './answer/errors.ts';
import type { ClientSide } from './client-side.ts';
import type { GatewayConfig, Provider } from './config/config.ts';
import type { Annotate, Dialect, LocalUpstream } from './contract.ts';
import type { Exchange, GatewayDeps, Upstreams } from './exchange.ts';
import { SANDBOX, SLOW_SANDBOX, sandbox } from './local/sandbox.ts';
import { createRecent, type Detail, detailOf, type Recent } from './recent.ts';
import { createDirectory } from './routing/endpoints.ts';
import { createHealth, type Health, tokensPerSecond } from './routing/health.ts';
import { type Listings, watchListings } from './routing/listings.ts';
import { serve } from './serve.ts';
import { headersFor } from './upstream/build-request.ts';
import { createUpstreamClient } from './upstream/http.ts';

export interface GatewayOptions {
  config: GatewayConfig;
  catalog: Pick<Catalog, 'resolve' | 'models'>;
  accounts: Accounts;
  hashAccount(name: string): string;
  hashSession(name: string): string;
  /** Takes each record; must neither throw nor wait. */
  record(generation: Generation): void;
  /** Completes records from their prompts before they are recorded; without it they are recorded as they are. */
  annotate?: Annotate;
  /** Sees each finished exchange, before its request is forgotten. */
  onFinished?(exchange: Exchange, record: Generation): void;
}

export interface Gateway {
  /** Answers one request. Never rejects. */
  serve(dialect: Dialect, body: Buffer | Failure, client: ClientSide): Promise<void>;
  upstreams(): Upstreams;
  health: Health;
  recent: Recent;
  accounts: Accounts;
  catalog: GatewayOptions['catalog'];
  /** Takes note of a generation that another process carried. */
  witness(detail: Detail): void;
  /** Counts a request from its first byte on, so that draining waits for what is still being sent. */
  onItsWay(work: () => Promise<void>): Promise<void>;
  /** Requests on their way. */
  inFlight(): number;
  /** Requests that have begun keep what they began with. */
  reconfigure(config: GatewayConfig): void;
  /** Resolves when no request is on its way, or after so many milliseconds. */
  drain(mostMs: number): Promise<void>;
  close(): Promise<void>;
}

const SANDBOX_PROVIDER: Provider = {
  slug: 'stateai',
  preset: null,
  keepsReasoning: false,
  priceFactors: {},
  name: 'StateAI',
  urls: {},
  sdk: null,
  apiKey: null,
  auth: 'none',
  headers: {},
  // Of this author nobody else has models, so no other name under it leads to the sandbox.
  authors: ['stateai'],
  spelling: null,
  lists: false,
  models: [SANDBOX, SLOW_SANDBOX].map((slug) => ({
    slug,
    id: slug,
    prices: { prompt: 0, completion: 0, cacheRead: 0, request: 0 },
  })),
  region: null,
  trainsOnData: false,
  zdr: true,
  keySource: null,
};

export function createGateway(options: GatewayOptions): Gateway {
  const { catalog, accounts } = options;
  let current = openUpstreams(options.config, catalog);
  const health = createHealth(options.config.retries);
  const recent = createRecent();
  let inFlight = 0;
  let whenIdle: (() => void) | null = null;
  const deps: GatewayDeps = {
    upstreams: () => current,
    health,
    accounts,
    hashAccount: remembering(options.hashAccount),
    hashSession: options.hashSession,
    random: Math.random,
    finished(exchange, record) {
      const isRecording = current.config.recording;
      if (isRecording && options.annotate)
        options.annotate(
          record,
          exchange.request,
          exchange.caller?.account.sampling === true,
          options.record,
        );
      else if (isRecording) options.record(record);
      recent.add(detailOf(exchange, record));
      options.onFinished?.(exchange, record);
    },
  };
  return {
    health,
    recent,
    accounts,
    catalog,
    upstreams: () => current,
    inFlight: () => inFlight,
    witness(detail) {
      recent.add(detail);
      witnessHealth(health, detail);
    },
    serve: (dialect, body, client) => serve(dialect, body, client, deps),
    async onItsWay(work) {
      inFlight++;
      try {
        await work();
      } finally {
        inFlight--;
        if (inFlight === 0) whenIdle?.();
      }
    },
    reconfigure(config) {
      // Requests on their way go on with its client, whose connections close by themselves when nothing uses them.
      current.listings.close();
      current = openUpstreams(config, catalog, current.listings);
      health.configure(config.retries);
    },
    drain(mostMs) {
      if (inFlight === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, mostMs);
        whenIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    async close() {
      current.listings.close();
      // Calls that are on their way end first.
      void current.client.close();
    },
  };
}

function witnessHealth(health: Health, { record, attempts }: Detail): void {
  if (record.cancelled) return;
  for (const attempt of attempts) {
    const { endpoint, failure, retryAfter } = attempt;
    if (failure && isOwnFault(failure, attempt))
      health.failed(endpoint, retryAfter === null ? null : retryAfter * 1000);
    if (failure) continue;
    const { latencyMs, durationMs, completionTokens } = record;
    health.succeeded(endpoint, {
      latencyMs,
      tokensPerSecond: tokensPerSecond(completionTokens, latencyMs, durationMs),
    });
  }
}

/** The same few accounts call again and again. */
function remembering(hash: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const made = hash(name);
    if (known.size >= 10_000) known.clear();
    known.set(name, made);
    return made;
  };
}

function openUpstreams(
  config: GatewayConfig,
  catalog: GatewayOptions['catalog'],
  before: Listings | null = null,
): Upstreams {
  const providers = config.sandbox ? [...config.providers, SANDBOX_PROVIDER] : config.providers;
  const listings = watchListings(
    config.providers,
    (p) => headersFor(p, p.urls.chat ? 'chat' : 'messages'),
    before,
  );
  const directory = createDirectory({
    config: { ...config, providers },
    resolve: catalog.resolve,
    splitVariant,
    listingOf: listings.of,
    localOf: (provider) => {
      if (provider === SANDBOX_PROVIDER) return async () => sandbox;
      return provider.sdk ? sdkOf(provider, provider.sdk) : null;
    },
  });
  return { config, directory, listings, client: createUpstreamClient(config.timeouts) };
}

/** One upstream a provider; its package is loaded when it is first called. */
function sdkOf({ headers }: Provider, kind: NonNullable<Provider['sdk']>): () => Promise<LocalUpstream> {
  let made: Promise<LocalUpstream> | null = null;
  return () => {
    made ??= import('./local/ai-sdk.ts').then(({ aiSdkUpstream }) =>
      aiSdkUpstream({ kind, headers: { ...headers } }),
    );
    return made;
  };
}
