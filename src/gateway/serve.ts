/** A request from its arrival to its record: who calls, what is asked, which endpoints may answer, and trying them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { secretOf } from '../accounts/caller-secret.ts';
import type { Accounts, Caller } from '../accounts/contract.ts';
import { mayUse } from '../accounts/limits.ts';
import { StateaiError } from '../generation/errors.ts';
import { mostCost } from './accounting/cost.ts';
import { promptTokensOf, USUAL_COMPLETION } from './accounting/estimate.ts';
import { outcomeOf, recordOf, settlementOf } from './accounting/record.ts';
import { errorBody, errorEvents, type Failure, failure, failureOf } from './answer/errors.ts';
import { keepWaiting } from './answer/stream.ts';
import type { ClientSide } from './client-side.ts';
import type { Provider } from './config/config.ts';
import { isNamed } from './config/provider-names.ts';
import type { Dialect } from './contract.ts';
import { beginExchange, type Exchange, type GatewayDeps, type Upstreams } from './exchange.ts';
import { SANDBOX, SLOW_SANDBOX } from './local/sandbox.ts';
import { requireLoopback } from './request/loopback.ts';
import { type GatewayRequest, readRequest } from './request/read-request.ts';
import { chooseEndpoints, NO_ADDITIONS, NO_THREADS } from './routing/choose.ts';
import type { Listings } from './routing/listings.ts';
import { type Candidate, tryEndpoint } from './try-endpoint.ts';
import { routeTo } from './upstream/build-request.ts';
import { eventText } from './upstream/events.ts';

/** Never rejects: whatever happens, the client gets an answer and the request a record. */
export async function serve(
  dialect: Dialect,
  body: Buffer | Failure,
  client: ClientSide,
  deps: GatewayDeps,
): Promise<void> {
  const exchange = beginExchange(dialect, client);
  const upstreams = deps.upstreams();
  let stopWaiting: (() => void) | null = null;
  try {
    exchange.caller = await deps.accounts.authenticate(secretOf(client.headers));
    if (exchange.caller.key === null) requireLoopback(client.headers);
    if (!Buffer.isBuffer(body)) return refuse(exchange, body);
    const request = readRequest(dialect, body, client.headers);
    exchange.request = request;
    const found = candidatesFor(exchange, request, upstreams, deps);
    const candidates = await reserveFor(exchange, exchange.caller, request, found, deps);
    if (request.stream) stopWaiting = keepWaiting(exchange);
    await tryAll(exchange, candidates, upstreams, deps);
  } catch (error) {
    refuse(exchange, failureOf(error));
  } finally {
    stopWaiting?.();
    finish(exchange, deps);
  }
}

function candidatesFor(
  exchange: Exchange,
  request: GatewayRequest,
  { directory, config, listings }: Upstreams,
  deps: GatewayDeps,
): Candidate[] {
  const leftOut = new Map<string, number>();
  const promptTokens = promptTokensOf(request.promptBytes);
  const found = request.models.map((name) => directory.find(name));
  // What a client calls a model that nobody knows may be anything: it is told, not recorded.
  const served = found.find((m) => m.endpoints.some((e) => e.isKnown));
  exchange.model = served?.model ?? null;
  exchange.variant = served?.variant ?? null;
  const pick = (models: typeof found): Candidate[] => {
    const { endpoints, leftOut: why } = chooseEndpoints(
      models.flatMap((m) => m.endpoints),
      {
        dialect: request.dialect,
        preferences: request.preferences,
        variant: models[0]?.variant ?? null,
        parameters: request.parameters,
        promptTokens,
        threaded: request.threaded,
        session: request.session,
        needs: request.needs,
      },
      {
        health: deps.health,
        random: deps.random,
        speaks: (e, d) => routeTo(e, d) !== null,
        isProvider: (name) => config.providers.some((p) => isNamed(p, name)),
      },
    );
    for (const [reason, count] of why) leftOut.set(reason, (leftOut.get(reason) ?? 0) + count);
    return endpoints.map((endpoint) => {
      const of = models.find((m) => m.endpoints.includes(endpoint));
      return { endpoint, model: endpoint.model, variant: of?.variant ?? null };
    });
  };
  const all = request.preferences.acrossModels ? pick(found) : found.flatMap((m) => pick([m]));
  const candidates =
    request.preferences.allowFallbacks || request.preferences.order.length > 0 ? all : all.slice(0, 1);
  if (candidates.length > 0) return candidates;
  // It may be one that a provider is just being asked for.
  if (leftOut.size === 0 && config.providers.some((p) => isAwaited(p, listings)))
    throw Object.assign(
      new StateaiError('busy', 'The providers’ lists of models are being read', 'Try again in a second.'),
      { retryAfter: 1 },
    );
  if (leftOut.size === 0)
    throw new StateaiError(
      'not_found',
      `No provider serves ${request.models.map((m) => JSON.stringify(m.slice(0, 80))).join(', ')}`,
      request.models.some((m) => m === SANDBOX || m === SLOW_SANDBOX)
        ? 'The sandbox answers while there is no provider; `sandbox: true` in the configuration keeps it.'
        : 'GET /api/v1/models lists what there is.',
    );
  if (leftOut.has(NO_THREADS)) throw noThreads();
  if (leftOut.size === 1 && leftOut.has(NO_ADDITIONS))
    throw new StateaiError(
      'bad_request',
      `${request.needs.join(' and ')} would change the answer, and OpenRouter alone knows them: it serves none of these models here`,
      'Leave them out, or configure OpenRouter.',
    );
  const reasons = [...leftOut].map(([reason, count]) => `${count} ${reason}`);
  throw new StateaiError(
    'no_endpoint',
    `No endpoint fits: ${reasons.join('; ')}`,
    'Loosen the preferences, or configure another provider.',
  );
}

const isAwaited = (provider: Provider, listings: Listings): boolean => {
  const { models, error } = listings.status(provider);
  return provider.lists && provider.sdk === null && models === null && error === null;
};

/** In the words of the API, so that its SDK goes on with whole conversations by itself. */
function noThreads(): StateaiError {
  const error = new StateaiError(
    'bad_request',
    'No provider of this model holds conversations',
    'Send the whole conversation, without "thread".',
  );
  return Object.assign(error, { details: { error_code: 'thread_unsupported_request' } });
}

const slugOf = ({ model, variant }: Candidate): string => (variant ? `${model}:${variant}` : model);

/**
 * Holds back what the request may cost. Answers who may be tried: models that the caller may use; and where nothing is
 * left to spend here, providers of which the account has a key of its own.
 */
async function reserveFor(
  exchange: Exchange,
  caller: Caller,
  request: GatewayRequest,
  found: readonly Candidate[],
  { accounts }: GatewayDeps,
): Promise<readonly Candidate[]> {
  const allowed = found.filter((c) => mayUse(caller, slugOf(c)));
  // If it may use none, it is told so below.
  const candidates = allowed.length > 0 ? allowed : found;
  const slugs = [...new Set(candidates.map((c) => c.endpoint.provider.slug))];
  const hasOwn = await Promise.all(slugs.map((slug) => hasOwnKey(accounts, caller, slug)));
  const own = candidates.filter((c) => hasOwn[slugs.indexOf(c.endpoint.provider.slug)]);
  const reserve = (some: readonly Candidate[], byok: boolean) =>
    accounts.reserve(caller, { ...estimateOf(request, some), byok });
  try {
    exchange.reservation = await reserve(candidates, own.length === candidates.length);
    return candidates;
  } catch (error) {
    const isOver = (error as { code?: string }).code === 'over_budget';
    if (!isOver || own.length === 0 || own.length === candidates.length) throw error;
    exchange.reservation = await reserve(own, true);
    return own;
  }
}

/** One that cannot be read is none here: who is tried with it is told so, and others may answer. */
async function hasOwnKey(accounts: Accounts, caller: Caller, provider: string): Promise<boolean> {
  try {
    return (await accounts.byokKey(caller, provider)) !== null;
  } catch (error) {
    if ((error as { code?: string }).code === 'byok_unreadable') return false;
    throw error;
  }
}

function estimateOf(request: GatewayRequest, candidates: readonly Candidate[]) {
  const prompt = promptTokensOf(request.promptBytes);
  const completion = (request.maxCompletionTokens ?? USUAL_COMPLETION) * request.choices;
  const costs = candidates.map((c) => mostCost(prompt, completion, c.endpoint.prices, request.serviceTier));
  const known = costs.filter((c) => c !== null);
  return {
    model: candidates[0] ? slugOf(candidates[0]) : '',
    cost: known.length > 0 ? Math.max(...known) : null,
    tokens: prompt + completion,
  };
}

/** Failures after which another endpoint may do better. */
const FALLS_BACK = new Set([
  'timeout',
  'rate_limited',
  'overloaded',
  'upstream_failed',
  'not_found',
  'refused',
  // Of the account's own key, which goes to one provider.
  'unavailable',
]);
/** The request is wrong for this model, or for what its provider has words for; another model may take it. */
const WRONG_FOR_IT = new Set(['bad_request', 'too_large']);
/** An answer will come sooner than this, or another way is better. */
const LONGEST_PAUSE_MS = 10_000;

async function tryAll(
  exchange: Exchange,
  candidates: readonly Candidate[],
  upstreams: Upstreams,
  deps: GatewayDeps,
): Promise<void> {
  const { perEndpoint, baseMs } = upstreams.config.retries;
  let left = candidates.filter((c) => deps.health.available(c.endpoint.id));
  if (left.length === 0) return refuse(exchange, resting(candidates, deps));
  let last: Failure | null = null;
  const refusedBy = new Set<string>();
  for (let round = 0; round <= perEndpoint && left.length > 0; round++) {
    const again: Candidate[] = [];
    for (const candidate of left) {
      if (refusedBy.has(candidate.model)) continue;
      const failed = await tryEndpoint(exchange, candidate, upstreams, deps);
      if (!failed || exchange.client.isGone) return;
      last = failed;
      if (WRONG_FOR_IT.has(failed.kind)) {
        // What a provider said of the request, the next one would say as well; a translation speaks for itself alone.
        if (failed.provider !== null) refusedBy.add(candidate.model);
        continue;
      }
      if (!FALLS_BACK.has(failed.kind)) return refuse(exchange, failed);
      if (isSafeToRepeat(failed)) again.push(candidate);
    }
    left = again;
    if (left.length === 0 || round === perEndpoint) break;
    const pause = Math.max(baseMs * 2 ** round * (0.75 + deps.random() / 2), (last?.retryAfter ?? 0) * 1000);
    if (pause > LONGEST_PAUSE_MS) break;
    const gone = new AbortController();
    exchange.client.onGone(() => gone.abort());
    await sleep(pause, undefined, { signal: gone.signal }).catch(() => undefined);
    if (exchange.client.isGone) return;
  }
  refuse(exchange, last ?? failure('internal', 'The gateway failed on this request'));
}

/** The upstream did not begin to work on it: it could not be reached, or said that it is too busy. */
function isSafeToRepeat(failed: Failure): boolean {
  if (failed.kind === 'rate_limited' || failed.kind === 'overloaded') return true;
  return !failed.sent;
}

function resting(candidates: readonly Candidate[], deps: GatewayDeps): Failure {
  const waits = candidates.map((c) => deps.health.restMs(c.endpoint.id));
  const seconds = Math.max(1, Math.ceil(Math.min(...waits) / 1000));
  return failure(
    'no_endpoint',
    `Every provider of this model has failed of late and rests for ${seconds} s`,
    {
      retryAfter: seconds,
    },
  );
}

/** Tells the client what went wrong, in its dialect, as an answer or at the end of a stream that had begun. */
function refuse(exchange: Exchange, failed: Failure): void {
  const { client, dialect, id } = exchange;
  exchange.failure = failed;
  if (client.isOpen) {
    exchange.status ??= 200;
    const model = exchange.model ?? 'unknown';
    for (const event of errorEvents(dialect, failed, { id, model, created: exchange.createdAt }))
      client.write(eventText(event));
    client.end();
    return;
  }
  exchange.status = failed.status;
  const wait = failed.retryAfter ?? (failed.status === 429 ? 1 : null);
  client.respond(
    failed.status,
    {
      'content-type': 'application/json; charset=utf-8',
      'x-generation-id': id,
      ...(wait === null ? {} : { 'retry-after': wait }),
    },
    JSON.stringify(errorBody(dialect, failed, id)),
  );
}

/** 499: the client closed its request. */
const CLIENT_CLOSED = 499;

function finish(exchange: Exchange, deps: GatewayDeps): void {
  if (exchange.client.isGone && !exchange.failure) {
    exchange.cancelled = true;
    exchange.status ??= CLIENT_CLOSED;
  }
  const outcome = exchange.outcome ?? outcomeOf(exchange);
  exchange.reservation?.settle(settlementOf(exchange, outcome));
  // Who is not let in is counted, not recorded: strangers must not fill the disk.
  if (exchange.caller) deps.finished(exchange, recordOf(exchange, outcome, deps));
}
