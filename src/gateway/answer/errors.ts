/** Errors of the gateway and of upstreams, and how each dialect says them. */
import { isStateaiError } from '../../generation/errors.ts';
import type { Dialect, JsonObject, StreamEvent } from '../contract.ts';
import { fields, parseJson } from '../taps/observed.ts';
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

export interface Failure {
  status: number;
  kind: ErrorKind;
  /** For the client alone: what an upstream says may repeat the prompt. Never logged, never recorded. */
  message: string;
  /** Seconds. */
  retryAfter: number | null;
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
  no_endpoint: 'no_endpoint',
  busy: 'unavailable',
};

/** Anything thrown, as a failure. What is not known is told in general words only. */
export function failureOf(error: unknown): Failure {
  if (isUpstreamError(error))
    return failure(error.upstream === 'timeout' ? 'timeout' : 'upstream_failed', error.message, {
      sent: error.upstream !== 'connect',
    });
  if (!isStateaiError(error)) return failure('internal', 'The gateway failed on this request');
  const kind = KINDS[error.code] ?? 'internal';
  const { retryAfter } = error as { retryAfter?: number };
  const message = error.next ? `${error.message}. ${error.next}` : error.message;
  return failure(kind, kind === 'internal' ? 'The gateway failed on this request' : message, {
    retryAfter: retryAfter ?? (kind === 'unavailable' ? 5 : null),
  });
}

const BY_STATUS: Record<number, ErrorKind> = {
  400: 'bad_request',
  // The key is the gateway's, not the client's: a client could do nothing about it.
  401: 'upstream_failed',
  402: 'upstream_failed',
  403: 'refused',
  404: 'not_found',
  408: 'timeout',
  413: 'too_large',
  422: 'bad_request',
  429: 'rate_limited',
  503: 'overloaded',
  504: 'timeout',
  524: 'timeout',
  529: 'overloaded',
};

/** An upstream's answer that is no success. */
export function upstreamFailure(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: Buffer,
  provider: string,
): Failure {
  const kind = BY_STATUS[status] ?? (status >= 500 ? 'upstream_failed' : 'bad_request');
  const parsed = body.length < 1 << 20 ? parseJson(body.toString()) : null;
  const error =
    parsed && (typeof parsed.error === 'string' ? { message: parsed.error } : fields(parsed.error));
  const said = error?.message ?? parsed?.message ?? parsed?.detail;
  const message =
    kind === 'upstream_failed'
      ? `${provider} failed with status ${status}`
      : typeof said === 'string' && said !== ''
        ? said.slice(0, 4000)
        : `${provider} answered with status ${status}`;
  const kept = kind === 'bad_request' ? (status === 422 ? 422 : 400) : STATUS[kind];
  return failure(kind, message, { status: kept, provider, retryAfter: retryAfterOf(headers) });
}

/** Seconds, from a number of seconds or a date. */
export function retryAfterOf(headers: Readonly<Record<string, unknown>>, now = Date.now()): number | null {
  const given = headers['retry-after'];
  if (typeof given !== 'string') return null;
  const seconds = /^\d+(\.\d+)?$/.test(given) ? Number(given) : (Date.parse(given) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(86_400, Math.max(0, Math.ceil(seconds))) : null;
}

const ANTHROPIC_TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
};

/** The body of an error answer. */
export function errorBody(
  dialect: Dialect,
  { status, message, kind, provider }: Failure,
  id: string,
): JsonObject {
  if (dialect === 'messages')
    return {
      type: 'error',
      error: { type: ANTHROPIC_TYPES[status] ?? 'api_error', message },
      request_id: id,
    };
  const metadata = { error_type: kind, ...(provider ? { provider_name: provider } : {}) };
  return { error: { code: status, message, metadata } };
}

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
    error: { code: status, message },
    choices: [
      dialect === 'chat'
        ? { index: 0, delta: { content: '' }, finish_reason: 'error' }
        : { index: 0, text: '', finish_reason: 'error' },
    ],
  };
  return [{ event: null, data: JSON.stringify(chunk) }];
}
