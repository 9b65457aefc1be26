/** One try at one endpoint: the call, watching the answer, and handing it to the client. */
import { objectsOf, parseObject } from '../json/read.ts';
import type { Failure } from './answer/errors.ts';
import { failure, failureOf, isOwnFault, upstreamFailure } from './answer/errors.ts';
import { deliverStream, type StreamSource } from './answer/stream.ts';
import { answerWhole } from './answer/whole.ts';
import type { Dialect, JsonObject } from './contract.ts';
import type { Delivery } from './delivery.ts';
import { type Attempt, type Exchange, elapsed, type GatewayDeps, type Upstreams } from './exchange.ts';
import type { Endpoint } from './routing/endpoints.ts';
import { tokensPerSecond } from './routing/health.ts';
import { nothingObserved } from './taps/observed.ts';
import { tapFor } from './taps/registry.ts';
import { type Addressed, buildRequest, localBody, routeTo } from './upstream/build-request.ts';
import { isUpstreamError, type UpstreamAnswer } from './upstream/http.ts';
import { readWhole } from './upstream/read-whole.ts';

/** Answers larger than this are refused. */
const LARGEST_ANSWER = 256 << 20;
const LARGEST_ERROR = 1 << 20;

export interface Candidate {
  endpoint: Endpoint;
  model: string;
  variant: string | null;
}

/**
 * null: the client has its answer, or is gone, or its stream ended with an error. A failure: nothing of an answer reached
 * the client, another endpoint may be tried.
 */
export async function tryEndpoint(
  exchange: Exchange,
  candidate: Candidate,
  upstreams: Upstreams,
  deps: GatewayDeps,
): Promise<Failure | null> {
  const { endpoint } = candidate;
  const { request, caller, client } = exchange;
  const route = request && routeTo(endpoint, request.dialect);
  if (!request || !caller || !route) return failure('internal', 'The gateway failed on this request');
  exchange.model = candidate.model;
  exchange.variant = candidate.variant;
  exchange.observed = nothingObserved();
  exchange.outcome = null;
  deps.health.begun(endpoint.id);
  const attempt: Attempt = { endpoint, byok: false, status: null, latencyMs: null, failure: null };
  exchange.attempts.push(attempt);
  const begun = elapsed(exchange);
  let failed: Failure | null;
  try {
    const own = await deps.accounts.byokKey(caller, endpoint.provider.slug);
    attempt.byok = own !== null;
    const to: Addressed = {
      endpoint,
      route,
      variant: candidate.variant,
      apiKey: own ?? endpoint.provider.apiKey,
      clientHeaders: client.headers,
    };
    const tap = tapFor(route.dialect);
    exchange.observed = tap.observed;
    const delivery = { exchange, to, tap, attempt };
    failed = endpoint.local ? await callLocal(delivery, upstreams) : await callHttp(delivery, upstreams);
  } catch (error) {
    failed = failureOf(error);
  }
  attempt.failure = failed ?? (exchange.failure && !client.isGone ? exchange.failure : null);
  judge(exchange, attempt, begun, upstreams, deps);
  return client.isGone ? null : failed;
}

function judge(
  exchange: Exchange,
  attempt: Attempt,
  begun: number,
  { directory }: Upstreams,
  deps: GatewayDeps,
): void {
  const { observed, latencyMs, client } = exchange;
  const { endpoint, failure: failed } = attempt;
  if (failed && !client.isGone && isOwnFault(failed.kind, attempt)) {
    deps.health.failed(endpoint.id, failed.retryAfter === null ? null : failed.retryAfter * 1000);
    return;
  }
  if (failed || client.isGone) {
    deps.health.abandoned(endpoint.id);
    return;
  }
  deps.health.succeeded(endpoint.id, {
    latencyMs: latencyMs === null ? null : latencyMs - begun,
    tokensPerSecond: tokensPerSecond(observed.usage?.completion ?? null, latencyMs, elapsed(exchange)),
  });
  directory.confirm(endpoint);
}

async function callHttp(
  delivery: Delivery,
  { client: upstream, config }: Upstreams,
): Promise<Failure | null> {
  const { exchange, to, attempt } = delivery;
  const { request, client } = exchange;
  if (!request) return failure('internal', 'The gateway failed on this request');
  const call = upstream.call(buildRequest(request, to));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    call.abort();
  }, config.timeouts.totalMs);
  client.onGone(call.abort);
  try {
    const answer = await call.answer;
    attempt.status = answer.status;
    attempt.latencyMs = elapsed(exchange);
    if (answer.status >= 300) {
      const body = await readWhole(answer, LARGEST_ERROR);
      const { name } = to.endpoint.provider;
      const failed = upstreamFailure(answer.status, answer.headers, body, name);
      if (!attempt.byok || (answer.status !== 401 && answer.status !== 402)) return failed;
      return { ...failed, message: `${name} refused the account’s own key with status ${answer.status}` };
    }
    return await (request.stream ? streamed(delivery, answer, call.abort) : whole(delivery, answer));
  } catch (error) {
    // It may be sending still.
    call.abort();
    const failed = failureOf(error);
    const late = timedOut ? failure('timeout', 'The provider took too long') : failed;
    return { ...late, provider: to.endpoint.provider.name };
  } finally {
    clearTimeout(timer);
  }
}

async function whole(delivery: Delivery, answer: UpstreamAnswer): Promise<Failure | null> {
  const { to } = delivery;
  const bytes = await readWhole(answer, LARGEST_ANSWER);
  const body = parseObject(bytes.toString());
  const provider = to.endpoint.provider.name;
  if (!body || Object.keys(body).length === 0)
    return failure('upstream_failed', `${provider} answered with something that is no JSON`, { provider });
  return deliverWhole(delivery, body as JsonObject, bytes);
}

/** The list without which a whole answer is none: of an error page in JSON, or of another dialect. */
const HOLDS_ANSWER: Record<Dialect, string> = {
  chat: 'choices',
  completions: 'choices',
  embeddings: 'data',
  messages: 'content',
  responses: 'output',
};

function deliverWhole(delivery: Delivery, body: JsonObject, bytes: Buffer | null): Failure | null {
  const { exchange, tap, to } = delivery;
  tap.body(body);
  const provider = to.endpoint.provider.name;
  if (tap.observed.failed) return upstreamFailure(null, {}, bytes ?? JSON.stringify(body), provider);
  if (!Array.isArray(body[HOLDS_ANSWER[to.route.dialect]]))
    return failure('upstream_failed', `${provider} answered with something that is no answer`, { provider });
  exchange.latencyMs = elapsed(exchange);
  exchange.status = 200;
  const { client, id } = exchange;
  client.respond(
    200,
    { 'content-type': 'application/json; charset=utf-8', 'x-generation-id': id },
    answerWhole(delivery, body, bytes),
  );
  return null;
}

function streamed(delivery: Delivery, answer: UpstreamAnswer, abort: () => void): Promise<Failure | null> {
  if (!String(answer.headers['content-type'] ?? '').includes('event-stream')) {
    return readWhole(answer, LARGEST_ANSWER).then((body) => streamOfWhole(delivery, answer, body));
  }
  const source: StreamSource = {
    start: (sink) => answer.consume(sink),
    pause: answer.pause,
    resume: answer.resume,
    abort,
  };
  return deliverStream(delivery, source);
}

/** Some upstreams answer as a whole whatever they are asked: what is whole becomes a stream. */
async function streamOfWhole(
  delivery: Delivery,
  answer: UpstreamAnswer,
  bytes: Buffer,
): Promise<Failure | null> {
  const { endpoint, route } = delivery.to;
  const provider = endpoint.provider.name;
  const body = parseObject(bytes.toString());
  if (body?.error) return upstreamFailure(null, answer.headers, bytes, provider);
  const isChat = route.dialect === 'chat' || route.dialect === 'completions';
  if (!body || !isChat || !Array.isArray(body.choices))
    return failure('upstream_failed', `${provider} answered with something that is no stream`, { provider });
  return deliverStream(delivery, localSource(chunksOfWhole(body), new AbortController()));
}

async function* chunksOfWhole(body: JsonObject): AsyncIterable<JsonObject> {
  const isText = body.object === 'text_completion';
  const { choices, usage, ...head } = body;
  const chunk = { ...head, object: isText ? 'text_completion' : 'chat.completion.chunk' };
  yield {
    ...chunk,
    choices: objectsOf(choices).map(({ message, ...choice }) =>
      isText ? choice : { ...choice, delta: message ?? {} },
    ),
  };
  if (usage) yield { ...chunk, choices: [], usage };
}

async function callLocal(delivery: Delivery, { config }: Upstreams): Promise<Failure | null> {
  const { exchange, to, attempt } = delivery;
  const { request, client } = exchange;
  const { endpoint, apiKey } = to;
  if (!request || !endpoint.local) return failure('internal', 'The gateway failed on this request');
  const stop = new AbortController();
  const abort = () => stop.abort();
  let timedOut = false;
  client.onGone(abort);
  const timer = setTimeout(() => {
    timedOut = true;
    abort();
  }, config.timeouts.totalMs);
  try {
    const upstream = await endpoint.local(apiKey);
    const body = localBody(request, to);
    const call = { model: endpoint.upstreamModel, signal: stop.signal, apiKey };
    attempt.status = 200;
    if (!request.stream) return deliverWhole(delivery, await upstream.generate(body, call), null);
    return await deliverStream(delivery, localSource(upstream.stream(body, call), stop));
  } catch (error) {
    if (timedOut) return failure('timeout', 'The provider took too long');
    if (isUpstreamError(error)) return { ...failureOf(error), provider: endpoint.provider.name };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Chunks of a local upstream, as the bytes that an upstream over HTTP would send; none are asked for while it pauses. */
function localSource(chunks: AsyncIterable<JsonObject>, stop: AbortController): StreamSource {
  let go: (() => void) | null = null;
  let paused: Promise<void> | null = null;
  const resume = () => {
    go?.();
    paused = null;
    go = null;
  };
  stop.signal.addEventListener('abort', resume);
  const pump = async (sink: Parameters<StreamSource['start']>[0]) => {
    try {
      for await (const chunk of chunks) {
        sink.data(Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`));
        if (paused) await paused;
      }
      sink.data(Buffer.from('data: [DONE]\n\n'));
      sink.end();
    } catch (error) {
      sink.error(error);
    } finally {
      // Node may know the signal for long, and with it what listens: the stream and the request in it.
      stop.signal.removeEventListener('abort', resume);
    }
  };
  return {
    start: (sink) => void pump(sink),
    pause() {
      paused ??= new Promise((resolve) => {
        go = resolve;
      });
    },
    resume,
    abort: () => stop.abort(),
  };
}
