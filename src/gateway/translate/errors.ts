/**
 * Errors of upstreams, read in any dialect and told in the client's. What an upstream says of an error may repeat the
 * prompt: it is for the client alone. Logs, metrics and records get the `kind`, a word of a closed set.
 */
import {
  compact,
  given,
  isObject,
  type Maybe,
  numberOf,
  objectOf,
  objectsOf,
  parseObject,
  stringOf,
} from '../../json/read.ts';
import type { Dialect, JsonObject } from '../contract.ts';

export type ErrorKind =
  | 'bad_request'
  | 'unauthorized'
  | 'payment_required'
  | 'forbidden'
  | 'not_found'
  | 'timeout'
  | 'too_large'
  | 'content_filter'
  | 'rate_limited'
  | 'overloaded'
  | 'server_error';

export interface UpstreamProblem {
  /** HTTP status, the upstream's own where it sent one. */
  status: number;
  /** Safe for logs, metrics and records. */
  kind: ErrorKind;
  /** For the client alone: may repeat the prompt. Never log it, never keep it. */
  clientMessage: string;
  /** What programs read beside the message (`error.details` of Anthropic). For the client alone. */
  details?: JsonObject;
  /** The same of OpenRouter and its like: who of its providers failed, why a moderation refused. For the client alone. */
  metadata?: JsonObject;
}

const STATUS_OF_KIND: Record<ErrorKind, number> = {
  bad_request: 400,
  unauthorized: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  timeout: 408,
  too_large: 413,
  content_filter: 400,
  rate_limited: 429,
  overloaded: 529,
  server_error: 500,
};

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  409: 'bad_request',
  413: 'too_large',
  422: 'bad_request',
  429: 'rate_limited',
  503: 'overloaded',
  504: 'timeout',
  524: 'timeout',
  529: 'overloaded',
};

/** Words by which upstreams name an error, lower case: Anthropic's types, OpenAI's codes, Google's states, AWS's names. */
const KIND_OF_WORD: Readonly<Record<string, ErrorKind>> = {
  invalid_request_error: 'bad_request',
  invalid_argument: 'bad_request',
  invalid_prompt: 'bad_request',
  failed_precondition: 'bad_request',
  context_length_exceeded: 'bad_request',
  validationexception: 'bad_request',
  authentication_error: 'unauthorized',
  invalid_api_key: 'unauthorized',
  unauthenticated: 'unauthorized',
  unrecognizedclientexception: 'unauthorized',
  billing_error: 'payment_required',
  insufficient_quota: 'payment_required',
  permission_error: 'forbidden',
  permission_denied: 'forbidden',
  accessdeniedexception: 'forbidden',
  not_found_error: 'not_found',
  model_not_found: 'not_found',
  not_found: 'not_found',
  resourcenotfoundexception: 'not_found',
  timeout_error: 'timeout',
  deadline_exceeded: 'timeout',
  modeltimeoutexception: 'timeout',
  request_too_large: 'too_large',
  content_filter: 'content_filter',
  content_policy_violation: 'content_filter',
  responsibleaipolicyviolation: 'content_filter',
  rate_limit_error: 'rate_limited',
  rate_limit_exceeded: 'rate_limited',
  resource_exhausted: 'rate_limited',
  throttlingexception: 'rate_limited',
  overloaded_error: 'overloaded',
  unavailable: 'overloaded',
  serviceunavailableexception: 'overloaded',
  modelnotreadyexception: 'overloaded',
  api_error: 'server_error',
  server_error: 'server_error',
  internal: 'server_error',
  internalserverexception: 'server_error',
  modelstreamerrorexception: 'server_error',
};

const LONGEST_MESSAGE = 4000;

/**
 * @param status of the HTTP answer; null for an error inside an answer that began with 200
 * @param body what came: text (JSON or not) or the parsed object
 */
export function readUpstreamError(status: number | null, body: string | JsonObject | null): UpstreamProblem {
  const said = typeof body === 'string' ? parseObject(body) : body;
  const error = errorObject(said);
  const words = [error.code, error.type, error.status, said?.__type].flatMap((w) =>
    typeof w === 'string' ? [w.toLowerCase().split('#').at(-1) ?? ''] : [],
  );
  const named = words.map((w) => KIND_OF_WORD[w]).find((k) => k !== undefined);
  const inBody = [error.code, error.status, words.find((w) => /^[45]\d\d$/.test(w))].map(httpStatus);
  const known = httpStatus(status) ?? inBody.find((s) => s !== null) ?? null;
  const kind = kindOf(known, named);
  return {
    status: known ?? STATUS_OF_KIND[kind],
    kind,
    clientMessage: messageOf(kind, known, said, error),
    ...(isObject(error.details) ? { details: error.details } : {}),
    ...(isObject(error.metadata) ? { metadata: error.metadata } : {}),
  };
}

function kindOf(status: number | null, named: ErrorKind | undefined): ErrorKind {
  // A word may say more than 400, 403 or 429 do; it never turns a server's failure into the client's.
  const byStatus =
    status === null
      ? undefined
      : (KIND_OF_STATUS[status] ?? (status >= 500 ? 'server_error' : 'bad_request'));
  if (byStatus === undefined) return named ?? 'server_error';
  const finer = named !== undefined && status !== null && status < 500 && named !== 'server_error';
  return finer && ['bad_request', 'forbidden', 'rate_limited'].includes(byStatus) ? named : byStatus;
}

function errorObject(said: JsonObject | null): JsonObject {
  if (said === null) return {};
  if (isObject(said.error)) return said.error;
  const response = objectOf(said.response);
  if (isObject(response.error)) return response.error;
  return typeof said.error === 'string' ? { ...said, message: said.error } : said;
}

function httpStatus(value: Maybe): number | null {
  const n = typeof value === 'string' ? Number(value) : numberOf(value);
  return n !== null && Number.isInteger(n) && n >= 400 && n < 600 ? n : null;
}

function messageOf(
  kind: ErrorKind,
  status: number | null,
  said: JsonObject | null,
  error: JsonObject,
): string {
  // Such messages tend to show parts of the key.
  if (kind === 'unauthorized') return 'The provider refused the key that it was sent.';
  const text =
    stringOf(error.message) ??
    stringOf(said?.message) ??
    stringOf(said?.detail) ??
    objectsOf(said?.detail)
      .map((d) => stringOf(d.msg) ?? '')
      .join('; ');
  if (text !== '') return text.slice(0, LONGEST_MESSAGE);
  return status === null ? 'The provider reported an error.' : `The provider answered with status ${status}.`;
}

const ANTHROPIC_TYPE: Readonly<Record<number, string>> = {
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
  504: 'timeout_error',
  524: 'timeout_error',
  529: 'overloaded_error',
};

export interface ClientError {
  status: number;
  message: string;
  metadata?: JsonObject;
  /** In messages alone. */
  details?: JsonObject | null;
  /** The gateway's id of the request: Anthropic's dialect tells it. */
  requestId?: string | null;
}

/** The body of an error in the client's dialect; in messages also the data of its `error` event. */
export function renderError(
  dialect: Dialect,
  { status, message, metadata, details, requestId }: ClientError,
): JsonObject {
  if (dialect === 'messages')
    return {
      type: 'error',
      error: {
        type: ANTHROPIC_TYPE[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'),
        message,
        ...(details ? { details } : {}),
      },
      request_id: requestId ?? null,
    };
  return { error: compact({ code: status, message, metadata }) };
}

/** The word by which responses name an error of that status. */
export const responsesErrorCode = (status: number): string =>
  status === 429 ? 'rate_limit_exceeded' : status < 500 ? 'invalid_prompt' : 'server_error';

/** The error that a chat answer or chunk reports with status 200; null where it reports none. */
export function failureInChat(body: JsonObject): UpstreamProblem | null {
  if (given(body.error)) return readUpstreamError(null, body);
  const choice = objectsOf(body.choices)[0] ?? {};
  if (given(choice.error)) return readUpstreamError(null, choice);
  return choice.finish_reason === 'error' ? readUpstreamError(502, null) : null;
}

/** An error inside a stream as the error of a chat chunk. */
export function chunkError(problem: UpstreamProblem): JsonObject {
  return { code: problem.status, message: problem.clientMessage };
}
