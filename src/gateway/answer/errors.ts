/** Errors of the gateway and of upstreams, and how each dialect says them. */
import { isStateaiError } from '../../generation/errors.ts';
import type { Dialect, JsonObject, StreamEvent } from '../contract.ts';
import { LocalUpstreamError } from '../local/ai-sdk-errors.ts';
import { readUpstreamError, renderError, type UpstreamProblem } from '../translate/errors.ts';
import { isUpstreamError } from '../upstream/http.ts';

/** A closed set of words: what logs, metrics and records may say. */
export type ErrorKind =
  | 'bad_request'
  | 'unauthorized'
  | 'over_budget'
  | 'refused'
  | 'not_found'
  | 'timeout'
  | 'too_large'
  | 'rate_limited'
  | 'overloaded'
  | 'upstream_failed'
  | 'no_endpoint'
  | 'unavailable'
  | 'internal';

/** Kinds of failure that are the endpoint's own fault. */
const OWN_FAULT: ReadonlySet<ErrorKind> = new Set([
  'timeout',
  'rate_limited',
  'overloaded',
  'upstream_failed',
]);
/** Statuses by which an upstream speaks of the key that it was sent. */
const OF_THE_KEY: ReadonlySet<number | null> = new Set([401, 402, 403, 429]);
/** What an account's own key brought about says nothing of how the endpoint does for others. */
export const isOwnFault = (
  kind: ErrorKind,
  { byok, status }: { byok: boolean; status: number | null },
): boolean => OWN_FAULT.has(kind) && !(byok && (kind === 'rate_limited' || OF_THE_KEY.has(status)));

export interface Failure {
  status: number;
  kind: ErrorKind;
  /** For the client alone: what an upstream says may repeat the prompt. Never logged, never recorded. */
  message: string;
  /** Seconds. */
  retryAfter: number | null;
  /** What programs read beside the message, in Messages alone: `{ error_code, … }`. For the client alone. */
  details: JsonObject | null;
  /** What an aggregator says beside the message. For the client alone. */
  metadata: JsonObject | null;
  /** Who said it, where it was an upstream. */
  provider: string | null;
  /** An upstream may have begun to work on the request. */
  sent: boolean;
}

const STATUS: Record<ErrorKind, number> = {
  bad_request: 400,
  unauthorized: 401,
  over_budget: 402,
  refused: 403,
  not_found: 404,
  timeout: 408,
  too_large: 413,
  rate_limited: 429,
  overloaded: 529,
  upstream_failed: 502,
  no_endpoint: 503,
  unavailable: 503,
  internal: 500,
};

export const failure = (kind: ErrorKind, message: string, more: Partial<Failure> = {}): Failure => ({
  status: STATUS[kind],
  kind,
  message,
  retryAfter: null,
  details: null,
  metadata: null,
  provider: null,
  sent: true,
  ...more,
});

/** Codes of `StateaiError`s that reach a client. */
const KINDS: Record<string, ErrorKind> = {
  bad_request: 'bad_request',
  unauthorized: 'unauthorized',
  over_budget: 'over_budget',
  model_not_allowed: 'refused',
  forbidden: 'refused',
  not_found: 'not_found',
  too_large: 'too_large',
  rate_limited: 'rate_limited',
  accounts_unavailable: 'unavailable',
  byok_unreadable: 'unavailable',
  no_endpoint: 'no_endpoint',
  busy: 'unavailable',
};

/** Anything thrown, as a failure. What is not known is told in general words only. */
export function failureOf(error: unknown): Failure {
  if (error instanceof LocalUpstreamError && error.upstream === 'answer')
    return problemFailure(error, error.headers, null);
  if (isUpstreamError(error))
    return failure(error.upstream === 'timeout' ? 'timeout' : 'upstream_failed', error.message, {
      sent: error.upstream !== 'connect',
    });
  if (!isStateaiError(error)) return failure('internal', 'The gateway failed on this request');
  const kind = KINDS[error.code] ?? 'internal';
  const { retryAfter, details } = error as { retryAfter?: number; details?: JsonObject };
  const message = error.next ? `${error.message}. ${error.next}` : error.message;
  return failure(kind, kind === 'internal' ? 'The gateway failed on this request' : message, {
    retryAfter: retryAfter ?? (kind === 'unavailable' ? 5 : null),
    details: details ?? null,
  });
}

/** What upstreams report, as what it means to a client. */
const MEANING: Record<UpstreamProblem['kind'], ErrorKind> = {
  bad_request: 'bad_request',
  // The key is the gateway's, not the client's: a client could do nothing about it.
  unauthorized: 'upstream_failed',
  payment_required: 'upstream_failed',
  forbidden: 'refused',
  not_found: 'not_found',
  timeout: 'timeout',
  too_large: 'too_large',
  content_filter: 'refused',
  rate_limited: 'rate_limited',
  overloaded: 'overloaded',
  server_error: 'upstream_failed',
};
const LARGEST_ERROR = 1 << 20;

/**
 * An upstream's answer that is no success.
 * @param status null for an error inside an answer that began with 200
 */
export function upstreamFailure(
  status: number | null,
  headers: Readonly<Record<string, unknown>>,
  body: Buffer | string,
  provider: string,
): Failure {
  const isRedirect = status !== null && status >= 300 && status < 400;
  return problemFailure(
    readUpstreamError(status, body.length < LARGEST_ERROR ? body.toString() : null),
    headers,
    provider,
    // Not followed: the key is for the address that was configured.
    isRedirect ? `redirects to another address (status ${status}): correct its address` : undefined,
  );
}

function problemFailure(
  { status, kind: reported, clientMessage, details, metadata }: UpstreamProblem,
  headers: Readonly<Record<string, unknown>>,
  provider: string | null,
  what?: string,
): Failure {
  const kind = MEANING[reported];
  return failure(
    kind,
    kind === 'upstream_failed'
      ? `${provider ?? 'The provider'} ${what ?? `failed with status ${status}`}`
      : clientMessage,
    {
      status: status === 422 ? 422 : STATUS[kind],
      provider,
      details: details ?? null,
      metadata: metadata ?? null,
      retryAfter: retryAfterOf(headers),
    },
  );
}

/** Seconds, from a number of milliseconds (Azure's header), of seconds, or a date. */
function retryAfterOf(headers: Readonly<Record<string, unknown>>, now = Date.now()): number | null {
  const ms = headers['retry-after-ms'];
  if (typeof ms === 'string' && /^\d+(\.\d+)?$/.test(ms))
    return Math.min(86_400, Math.ceil(Number(ms) / 1000));
  const given = headers['retry-after'];
  if (typeof given !== 'string') return null;
  const seconds = /^\d+(\.\d+)?$/.test(given) ? Number(given) : (Date.parse(given) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(86_400, Math.max(0, Math.ceil(seconds))) : null;
}

/** The body of an error answer. */
export function errorBody(dialect: Dialect, failed: Failure, id: string): JsonObject {
  const { status, message, details } = failed;
  return renderError(dialect, { status, message, metadata: metadataOf(failed), details, requestId: id });
}

const metadataOf = ({ kind, provider, metadata }: Failure): JsonObject => ({
  ...(provider ? { provider_name: provider } : {}),
  ...metadata,
  error_type: kind,
});

/** How a stream that had begun ends with an error. */
export function errorEvents(
  dialect: Dialect,
  failed: Failure,
  { id, model, created }: { id: string; model: string; created: number },
): StreamEvent[] {
  const { status, message, provider } = failed;
  if (dialect === 'messages')
    return [{ event: 'error', data: JSON.stringify(errorBody(dialect, failed, id)) }];
  if (dialect === 'responses')
    return [
      {
        event: 'error',
        data: JSON.stringify({
          type: 'error',
          code: String(status),
          message,
          param: null,
          sequence_number: 0,
        }),
      },
    ];
  const chunk = {
    id,
    object: dialect === 'chat' ? 'chat.completion.chunk' : 'text_completion',
    created: Math.floor(created / 1000),
    model,
    ...(provider ? { provider } : {}),
    error: { code: status, message, metadata: metadataOf(failed) },
    choices: [
      dialect === 'chat'
        ? { index: 0, delta: { content: '' }, finish_reason: 'error' }
        : { index: 0, text: '', finish_reason: 'error' },
    ],
  };
  return [{ event: null, data: JSON.stringify(chunk) }];
}
