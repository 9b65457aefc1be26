/**
 * JSON from an API that may be slow, busy or broken: time-outs, a bound on the size, and new tries with growing pauses
 * that do as `Retry-After` says. What an API answers is never repeated in a message, and no URL is shown with its query.
 */
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { StateaiError } from '../../generation/errors.ts';
import type { Runtime } from './source.ts';
import { sourceName } from './source-name.ts';

const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** Whoever asks for a longer wait is asked again by the next run. */
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;
const HEADERS_TIMEOUT_MS = 60_000;
const BODY_TIMEOUT_MS = 60_000;
/** Of one answer. */
export const MOST_BYTES = 64 << 20;
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529]);

export interface Call {
  url: URL;
  headers: Record<string, string>;
  method?: 'GET' | 'POST';
  body?: unknown;
  /** Where the key comes from, for the message when it is refused. */
  keyFrom: string;
  /** Statuses that the caller understands; they come back as `null`. */
  absent?: readonly number[];
  /** Tests shorten it. */
  timeoutMs?: number;
}

/**
 * One answer's JSON; null for a status in `absent`.
 * @throws StateaiError `key_refused`, `no_api`, `not_json`, `page_too_large`, `source_busy`, `source_unreachable`, `source_failed`
 */
export async function fetchJson(call: Call, runtime: Runtime): Promise<unknown> {
  const where = sourceName(call.url);
  let last = new StateaiError('source_failed', `${where} gave no answer`, '');
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const outcome = await attempt(call, where, runtime);
    if ('json' in outcome) return outcome.json;
    last = outcome.error;
    if (!outcome.again || tries === MOST_TRIES) break;
    const backOff =
      Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);
    const asked = outcome.retryAfterMs;
    if (asked !== null && asked > LONGEST_RETRY_AFTER_MS)
      throw new StateaiError(
        'source_busy',
        `${where} asks to wait for ${Math.ceil(asked / 60_000)} minutes`,
        'What was fetched is kept: run the command again then.',
      );
    const pause = Math.max(asked ?? 0, backOff);
    runtime.onWait(pause, last.message);
    await runtime.sleep(pause);
  }
  throw last;
}

type Outcome = { json: unknown } | { error: StateaiError; again: boolean; retryAfterMs: number | null };

async function attempt(call: Call, where: string, runtime: Runtime): Promise<Outcome> {
  let status: number;
  let text: string;
  try {
    const answer = await request(call.url, {
      method: call.method ?? 'GET',
      headers: {
        accept: 'application/json',
        'user-agent': 'stateai',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      headersTimeout: call.timeoutMs ?? HEADERS_TIMEOUT_MS,
      bodyTimeout: call.timeoutMs ?? BODY_TIMEOUT_MS,
      signal: runtime.signal,
      ...throughProxy(runtime.env),
    });
    status = answer.statusCode;
    if (status !== 200) {
      // The body says nothing that may be shown.
      await answer.body.dump({ limit: 1 << 20 }).catch(() => undefined);
      if (call.absent?.includes(status)) return { json: null };
      return refusal(status, answer.headers['retry-after'], where, call.keyFrom, runtime);
    }
    text = await textOf(answer.body, where);
  } catch (error) {
    if (runtime.signal.aborted) throw runtime.signal.reason;
    if (error instanceof StateaiError) throw error;
    return { error: unreachable(error, where), again: true, retryAfterMs: null };
  }
  try {
    return { json: JSON.parse(text) };
  } catch {
    const page = text.trimStart().startsWith('<');
    const error = page
      ? new StateaiError(
          'not_json',
          `${where} answers with a web page`,
          'Check the URL: it must lead to the API.',
        )
      : new StateaiError(
          'not_json',
          `${where} answers with JSON that is cut off or damaged`,
          'Try again later.',
        );
    return { error, again: !page, retryAfterMs: null };
  }
}

const proxies = new Map<string, Dispatcher>();

/** Companies let programs out through a proxy that the environment names; a password in its URL is used and not shown. */
function throughProxy(env: NodeJS.ProcessEnv): { dispatcher?: Dispatcher } {
  const named = (name: string) => env[name.toLowerCase()] || env[name] || '';
  const [httpProxy, httpsProxy, noProxy] = [named('HTTP_PROXY'), named('HTTPS_PROXY'), named('NO_PROXY')];
  if (!httpProxy && !httpsProxy) return {};
  const key = [httpProxy, httpsProxy, noProxy].join(' ');
  const dispatcher = proxies.get(key) ?? new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy });
  proxies.set(key, dispatcher);
  return { dispatcher };
}

async function textOf(body: AsyncIterable<Buffer>, where: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new StateaiError(
        'page_too_large',
        `${where}: one page is larger than ${MOST_BYTES >> 20} MiB`,
        'Use a smaller window with --since, or export a file and import that.',
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(
  status: number,
  retryAfter: string | string[] | undefined,
  where: string,
  keyFrom: string,
  runtime: Runtime,
): Outcome {
  const known = (code: string, message: string, next: string) => ({
    error: new StateaiError(code, message, next),
    again: false,
    retryAfterMs: null,
  });
  if (status === 401 || status === 403)
    return known('key_refused', `${where} refuses the key (HTTP ${status})`, `Check ${keyFrom}.`);
  if (status === 404) return known('no_api', `${where} does not exist (HTTP 404)`, 'Check the URL.');
  if (status >= 300 && status < 400)
    return known(
      'no_api',
      `${where} leads elsewhere (HTTP ${status})`,
      'Give the URL that it leads to; keys are not sent after it.',
    );
  const error = new StateaiError(
    status === 429 ? 'source_busy' : 'source_failed',
    status === 429 ? `${where} has had too many requests (HTTP 429)` : `${where} answers with HTTP ${status}`,
    'What was fetched is kept: run the command again later.',
  );
  return { error, again: AGAIN.has(status), retryAfterMs: retryAfterMs(retryAfter, runtime.now()) };
}

/** Seconds or a date. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  const text = Array.isArray(header) ? header[0] : header;
  if (!text) return null;
  if (/^\d{1,9}(\.\d+)?$/.test(text.trim())) return Number(text) * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}

function unreachable(error: unknown, where: string): StateaiError {
  const code = (error as { code?: unknown } | null)?.code;
  const why = typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? ` (${code})` : '';
  return /TIMEOUT/.test(why)
    ? new StateaiError('source_unreachable', `${where} takes too long to answer${why}`, 'Try again later.')
    : new StateaiError(
        'source_unreachable',
        `${where} cannot be reached or broke off${why}`,
        'Check the URL and the network.',
      );
}
