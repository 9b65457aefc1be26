/** One request on its way: what is known of it so far. Its parts fill it in; at the end it becomes one record. */
import { randomFillSync } from 'node:crypto';
import type { Accounts, Caller, Reservation } from '../accounts/contract.ts';
import type { Generation } from '../generation/generation.ts';
import type { Outcome } from './accounting/cost.ts';
import type { Failure } from './answer/errors.ts';
import type { ClientSide } from './client-side.ts';
import type { GatewayConfig } from './config/config.ts';
import type { Dialect, Observed } from './contract.ts';
import type { GatewayRequest } from './request/read-request.ts';
import type { Directory, Endpoint } from './routing/endpoints.ts';
import type { Health } from './routing/health.ts';
import type { Listings } from './routing/listings.ts';
import { nothingObserved } from './taps/observed.ts';
import type { UpstreamClient } from './upstream/http.ts';

/** One try at one endpoint. */
export interface Attempt {
  endpoint: Endpoint;
  byok: boolean;
  status: number | null;
  /** Milliseconds until the answer began. */
  latencyMs: number | null;
  failure: Failure | null;
}

export interface Exchange {
  id: string;
  dialect: Dialect;
  client: ClientSide;
  /** Milliseconds since 1970, and on the monotonic clock. */
  createdAt: number;
  startedAt: number;
  caller: Caller | null;
  request: GatewayRequest | null;
  reservation: Reservation | null;
  /** Canonical slug and variant of what was asked for, then of what answered. */
  model: string | null;
  variant: string | null;
  attempts: Attempt[];
  observed: Observed;
  /** Milliseconds from the request to the first token. */
  latencyMs: number | null;
  /** HTTP status that the client got. */
  status: number | null;
  failure: Failure | null;
  cancelled: boolean;
  /** What was used and what it cost, as soon as the answer is complete. */
  outcome: Outcome | null;
}

/** What the gateway stands on. One set per process; a new configuration makes a new one. */
export interface Upstreams {
  config: GatewayConfig;
  directory: Directory;
  listings: Listings;
  client: UpstreamClient;
}

export interface GatewayDeps {
  /** The upstreams of now; a request keeps those that it began with. */
  upstreams(): Upstreams;
  health: Health;
  accounts: Accounts;
  hashAccount(name: string): string;
  hashSession(name: string): string;
  /** Takes a finished exchange and its record, off the response path. */
  finished(exchange: Exchange, record: Generation): void;
  random(): number;
}

export function beginExchange(dialect: Dialect, client: ClientSide): Exchange {
  return {
    id: generationId(),
    dialect,
    client,
    createdAt: Date.now(),
    startedAt: performance.now(),
    caller: null,
    request: null,
    reservation: null,
    model: null,
    variant: null,
    attempts: [],
    observed: nothingObserved(),
    latencyMs: null,
    status: null,
    failure: null,
    cancelled: false,
    outcome: null,
  };
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Random bytes are fetched for many ids at once. */
const pool = Buffer.alloc(20 * 256);
let used = pool.length;

/** `gen-<seconds>-<20 letters and digits>`. */
function generationId(): string {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let tail = '';
  for (const end = used + 20; used < end; used++) tail += ALPHABET[(pool[used] ?? 0) % ALPHABET.length];
  return `gen-${Math.floor(Date.now() / 1000)}-${tail}`;
}

/** The last try, which is the one that answered if any did. */
export const lastAttempt = (exchange: Exchange): Attempt | null => exchange.attempts.at(-1) ?? null;

/**
 * The model for records and metrics. What a client calls a model that nobody knows may be anything, so it is not kept
 * unless an upstream answered to it.
 */
export function modelOf(exchange: Exchange): string {
  const attempt = lastAttempt(exchange);
  const { model, latencyMs } = exchange;
  if (attempt && !attempt.endpoint.isKnown && (attempt.failure || latencyMs === null)) return UNKNOWN_MODEL;
  return model ?? UNKNOWN_MODEL;
}

export const UNKNOWN_MODEL = 'unknown';

export const elapsed = (exchange: Exchange): number => performance.now() - exchange.startedAt;
