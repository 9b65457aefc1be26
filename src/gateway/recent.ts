/** The generations of late, in memory: what `GET /generation` tells at once, and what the admin page shows as it happens. */
import type { Generation } from '../generation/generation.ts';
import { copied } from '../json/short-words.ts';
import type { ErrorKind } from './answer/errors.ts';
import type { Dialect } from './contract.ts';
import { type Exchange, UNKNOWN_MODEL } from './exchange.ts';

export interface Detail {
  record: Generation;
  dialect: Dialect;
  /** Account id, for whom the detail may be told. */
  account: string | null;
  upstreamId: string | null;
  /** In the upstream's word. */
  serviceTier: string | null;
  /** Host of the page or app that sent it. */
  origin: string | null;
  errorKind: string | null;
  attempts: {
    endpoint: string;
    provider: string;
    model: string;
    byok: boolean;
    status: number | null;
    latencyMs: number | null;
    /** How it failed; null = it answered. */
    failure: ErrorKind | null;
    retryAfter: number | null;
  }[];
}

export interface Recent {
  add(detail: Detail): void;
  get(id: string): Detail | null;
  /** The newest first. */
  latest(count: number): Detail[];
}

export function createRecent(most = 10_000): Recent {
  const details = new Map<string, Detail>();
  return {
    add(detail) {
      details.set(detail.record.id, detail);
      if (details.size <= most) return;
      const oldest = details.keys().next().value;
      if (oldest !== undefined) details.delete(oldest);
    },
    get: (id) => details.get(id) ?? null,
    latest: (count) => [...details.values()].slice(-count).reverse(),
  };
}

const LONGEST_ORIGIN = 200;

export function detailOf(exchange: Exchange, record: Generation): Detail {
  const { referer, 'http-referer': given } = exchange.client.headers as Record<string, string | undefined>;
  const page = given ?? referer;
  return {
    record,
    dialect: exchange.dialect,
    account: exchange.caller?.account.id ?? null,
    upstreamId: exchange.observed.upstreamId,
    serviceTier: exchange.observed.serviceTier,
    origin: page && URL.canParse(page) ? copied(new URL(page).origin.slice(0, LONGEST_ORIGIN)) : null,
    errorKind: exchange.failure?.kind ?? null,
    attempts: exchange.attempts.map(({ endpoint, byok, status, latencyMs, failure }) => ({
      endpoint: endpoint.id,
      provider: endpoint.provider.name,
      model: endpoint.isKnown ? endpoint.model : UNKNOWN_MODEL,
      byok,
      status,
      latencyMs: latencyMs === null ? null : Math.round(latencyMs),
      failure: failure?.kind ?? null,
      retryAfter: failure?.retryAfter ?? null,
    })),
  };
}
