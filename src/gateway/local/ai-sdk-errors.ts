/** Errors of the AI SDK's providers. Theirs hold the whole prompt: nothing of them is kept but status and words. */
import { isStateaiError, type StateaiError } from '../../generation/errors.ts';
import { isObject } from '../../json/read.ts';
import { type ErrorKind, readUpstreamError } from '../translate/errors.ts';
import { badRequest } from '../translate/refusals.ts';

/**
 * Why an answer failed. `message` is safe for logs; `clientMessage` is for the client alone. Recognised by `upstream`.
 */
export class LocalUpstreamError extends Error {
  readonly upstream: 'connect' | 'timeout' | 'aborted' | 'setup' | 'answer';
  /** The upstream's HTTP status; 502 where there was no answer. */
  readonly status: number;
  readonly kind: ErrorKind;
  readonly clientMessage: string;
  /** Headers of the upstream's answer that say when to come again: `retry-after`, `retry-after-ms`. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    upstream: LocalUpstreamError['upstream'],
    message: string,
    problem: { status: number; kind: ErrorKind; clientMessage: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.upstream = upstream;
    this.status = problem.status;
    this.kind = problem.kind;
    this.clientMessage = problem.clientMessage;
    this.headers = headers;
  }
}

/** Anything that a provider package throws or streams as an error. */
export function explainSdkError(error: unknown, signal: AbortSignal): StateaiError | LocalUpstreamError {
  if (isStateaiError(error) || error instanceof LocalUpstreamError) return error;
  if (signal.aborted) return without('aborted', 'The call was given up');
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const name = String(fields.name ?? '');
  if (name === 'AI_UnsupportedFunctionalityError')
    return badRequest('messages', 'hold something that this model does not take');
  if (name === 'AI_InvalidPromptError')
    return badRequest('messages', 'are not in an order that this model takes');
  if (name === 'TimeoutError') return without('timeout', 'The provider took too long');
  if (name === 'AI_APICallError' && typeof fields.statusCode !== 'number')
    return without('connect', 'The provider cannot be reached');
  const status = typeof fields.statusCode === 'number' && fields.statusCode >= 400 ? fields.statusCode : null;
  const missing =
    status === null && error instanceof Error ? VARIABLES.filter((v) => error.message.includes(v)) : [];
  if (missing.length > 0)
    return without(
      'setup',
      `This provider is not set up: look at ${missing.join(', ')} in the server’s environment`,
    );
  // What the packages say of an answer that they could not read repeats it.
  if (status === null && error instanceof Error)
    return new LocalUpstreamError('answer', UNREADABLE, {
      status: 502,
      kind: 'server_error',
      clientMessage: UNREADABLE,
    });
  const body = typeof fields.responseBody === 'string' ? fields.responseBody : isObject(error) ? error : null;
  const problem = readUpstreamError(status, body);
  return new LocalUpstreamError(
    'answer',
    `The provider answered with status ${problem.status}`,
    problem,
    retryHeaders(fields.responseHeaders),
  );
}

/** What the packages name when they find no credentials, or no place to call. */
const VARIABLES = [
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'GOOGLE_VERTEX_LOCATION',
  'GOOGLE_VERTEX_PROJECT',
  'GOOGLE_APPLICATION_CREDENTIALS',
];

const UNREADABLE = 'The provider sent an answer that could not be read';

function without(
  upstream: Exclude<LocalUpstreamError['upstream'], 'answer'>,
  clientMessage: string,
): LocalUpstreamError {
  const kind = upstream === 'timeout' ? 'timeout' : 'server_error';
  return new LocalUpstreamError(upstream, clientMessage, {
    status: upstream === 'timeout' ? 504 : 502,
    kind,
    clientMessage,
  });
}

function retryHeaders(headers: unknown): Record<string, string> {
  const all = (typeof headers === 'object' && headers !== null ? headers : {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      /^retry-after(-ms)?$/i.test(name) && typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}
