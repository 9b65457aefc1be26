/** The record of a finished exchange, and what it came to in money. */
import type { Settlement } from '../../accounts/contract.ts';
import { normaliseFinishReason } from '../../generation/finish-reason.ts';
import type { FinishReason, Generation } from '../../generation/generation.ts';
import { dropImpossibleParts } from '../../generation/validate.ts';
import { copied } from '../../json/short-words.ts';
import type { Failure } from '../answer/errors.ts';
import type { JsonObject } from '../contract.ts';
import {
  type Exchange,
  elapsed,
  type GatewayDeps,
  lastAttempt,
  modelOf,
  UNKNOWN_MODEL,
} from '../exchange.ts';
import { needsUpstreamVariant } from '../routing/choose.ts';
import { NO_USAGE } from '../taps/observed.ts';
import { costOf, type Outcome } from './cost.ts';
import { completeUsage } from './estimate.ts';

const NOTHING: Outcome = {
  usage: NO_USAGE,
  cost: { cost: null, prompt: null, completion: null, plain: null },
  byok: false,
  estimated: false,
};

/** What was used and what it cost. Of a request that no upstream answered nothing is known, and nothing is estimated. */
export function outcomeOf(exchange: Exchange): Outcome {
  const attempt = lastAttempt(exchange);
  const { observed, request } = exchange;
  const reached = attempt !== null && (attempt.failure === null || observed.started);
  if (!reached || !request) return { ...NOTHING, byok: attempt?.byok ?? false };
  const { usage, estimated } = completeUsage(observed, request.promptBytes);
  const tier = observed.serviceTier ?? request.serviceTier;
  return { usage, estimated, byok: attempt.byok, cost: costOf(usage, attempt.endpoint.prices, tier) };
}

/**
 * What a chat upstream left uncounted, as it would have said it, for dialects whose answers must hold counts; null where
 * it counted.
 */
export function estimateInChat({ observed, request }: Exchange): JsonObject | null {
  if (observed.usage !== null || !request) return null;
  const { prompt, completion } = completeUsage(observed, request.promptBytes).usage;
  const [prompt_tokens, completion_tokens] = [prompt ?? 0, completion ?? 0];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

export function settlementOf(exchange: Exchange, { usage, cost, byok }: Outcome): Settlement {
  const charged = wasNeverBegun(exchange) ? 0 : cost.cost;
  return {
    model: soldModelOf(exchange),
    provider: lastAttempt(exchange)?.endpoint.provider.name ?? null,
    cost: byok ? 0 : charged,
    byok,
    byokCost: byok ? charged : null,
    plainCost: cost.plain,
    requests: 1,
    promptTokens: usage.prompt ?? 0,
    completionTokens: usage.completion ?? 0,
    reasoningTokens: usage.reasoning ?? 0,
  };
}

/** No provider was asked, or each one refused: that costs nothing, which is known. */
const wasNeverBegun = ({ attempts }: Exchange): boolean =>
  attempts.every(({ status, failure }) => failure !== null && isRefusal(status, failure));

/** Of a failure with another status, or without one, nobody knows what was done before. */
const isRefusal = (status: number | null, { kind, sent }: Failure): boolean =>
  status === null
    ? !sent || kind === 'bad_request'
    : (status >= 300 && status < 500) || status === 503 || status === 529;

/** A variant that an upstream sells has a price of its own, and its own row of usage; `:nitro` and the like are routing. */
function soldModelOf(exchange: Exchange): string {
  const [model, { variant }] = [modelOf(exchange), exchange];
  const isSold = model !== UNKNOWN_MODEL && needsUpstreamVariant(variant);
  // A provider's own name may hold the variant already.
  return isSold && !model.endsWith(`:${variant}`) ? `${model}:${variant}` : model;
}

export function recordOf(
  exchange: Exchange,
  { usage, cost, byok, estimated }: Outcome,
  deps: Pick<GatewayDeps, 'hashAccount' | 'hashSession'>,
): Generation {
  const { caller, request, observed, client } = exchange;
  const attempt = lastAttempt(exchange);
  const account = caller?.account ?? null;
  const native = observed.nativeFinishReason;
  const record: Generation = {
    id: exchange.id,
    createdAt: exchange.createdAt,
    requests: 1,
    account: account ? deps.hashAccount(account.id) : null,
    app: appOf(client.headers) ?? caller?.key?.app ?? null,
    session: account && request?.session ? deps.hashSession(`${account.id} ${request.session}`) : null,
    model: modelOf(exchange),
    variant: exchange.variant,
    provider: observed.provider ?? attempt?.endpoint.provider.name ?? null,
    region: attempt?.endpoint.provider.region ?? null,
    promptTokens: usage.prompt,
    completionTokens: usage.completion,
    totalTokens: (usage.prompt ?? 0) + (usage.completion ?? 0),
    reasoningTokens: usage.reasoning,
    cachedTokens: usage.cached,
    cacheWriteTokens: usage.cacheWrite,
    cost: byok ? 0 : cost.cost,
    upstreamCost: usage.upstreamCost ?? cost.cost,
    byok: attempt ? byok : null,
    streamed: request?.stream ?? null,
    cancelled: exchange.cancelled,
    toolsOffered: request?.toolsOffered ?? null,
    finishReason: finishReasonOf(exchange, native),
    nativeFinishReason: native,
    tokensEstimated: usage.prompt === null && usage.completion === null ? null : estimated,
    status: exchange.status,
    latencyMs: round(exchange.latencyMs),
    durationMs: round(elapsed(exchange)),
    country: account?.country ?? null,
    language: null,
    labels: null,
    classifier: null,
    sampleRate: null,
    source: 'gateway',
  };
  dropImpossibleParts(record);
  return record;
}

function finishReasonOf(exchange: Exchange, native: string | null): FinishReason | null {
  if (exchange.failure) return 'error';
  return exchange.cancelled ? null : normaliseFinishReason(native);
}

const round = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 10) / 10);

const LONGEST_APP = 100;

/** The app that a request names: its title, else the host that it comes from. */
export function appOf(headers: Readonly<Record<string, unknown>>): string | null {
  const title = headers['x-openrouter-title'] ?? headers['x-title'];
  if (typeof title === 'string' && title.trim() !== '') return copied(title.trim().slice(0, LONGEST_APP));
  const referer = headers['http-referer'];
  if (typeof referer !== 'string' || !URL.canParse(referer)) return null;
  return copied(new URL(referer).host.slice(0, LONGEST_APP)) || null;
}
