/**
 * Langfuse's public API: generations in windows of time, oldest window first. The newer observations API is asked for
 * everything but inputs and outputs; where a server does not have it, the older one is read, which knows the user and
 * session only with the trace.
 */

import { isObject } from '../../json/read.ts';
import { badAnswer, keyFrom, listIn, textIn } from './answers.ts';
import { fetchJson } from './http.ts';
import { type LangfuseApi, langfuseCall } from './langfuse-api.ts';
import { readTraces, type TracePeople } from './langfuse-traces.ts';
import { DAY, HOUR, type Page, type PullSource, type Row } from './source.ts';

const WHERE = 'Langfuse shows both under Project settings → API keys.';
const FIELDS = 'core,basic,time,model,usage,metrics';
const V2_ROWS = 1000;
const V1_ROWS = 100;
const WIDEST_WINDOW = 4 * DAY;
/** A window with more pages than this is followed by a narrower one: the place is noted at a window's end only. */
const MANY_PAGES = 20;

export const langfuse: PullSource = {
  format: 'langfuse',
  protocols: ['https:', 'http:'],
  example: 'https://cloud.langfuse.com',
  firstRun: 90 * DAY,
  keeps: null,
  // A generation is stored when it begins and completed when it ends; older SDKs take minutes more.
  overlap: 2 * HOUR,
  credentials(env) {
    const user = keyFrom(env, ['LANGFUSE_PUBLIC_KEY'], WHERE);
    return `${user}:${keyFrom(env, ['LANGFUSE_SECRET_KEY'], WHERE)}`;
  },
  identity: (env) => env.LANGFUSE_PUBLIC_KEY?.trim() ?? '',
  async *fetch({ url, key, since, until, runtime }) {
    const api: LangfuseApi = {
      base: url,
      headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
      runtime,
    };
    const people: TracePeople = new Map();
    let from = since ?? 0;
    let width = DAY;
    let newer = true;
    while (from < until) {
      const window = { from, to: Math.min(from + width, until) };
      let pages = 0;
      if (newer) {
        for await (const rows of newerPages(api, window)) {
          if (rows === null) newer = false;
          else yield { rows, reached: null } satisfies Page;
          pages++;
        }
        if (!newer) continue;
      } else {
        await readTraces(api, window, people);
        for await (const rows of olderPages(api, window)) {
          yield { rows: rows.map((row) => withPeople(row, people)), reached: null } satisfies Page;
          pages++;
        }
      }
      yield { rows: [], reached: window.to };
      if (pages <= 1) width = Math.min(width * 2, WIDEST_WINDOW);
      else if (pages > MANY_PAGES) width = Math.max(width / 2, HOUR);
      from = window.to;
    }
  },
};

interface Window {
  from: number;
  to: number;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Pages by cursor; null when the server does not have this API. */
async function* newerPages(api: LangfuseApi, window: Window): AsyncGenerator<Row[] | null> {
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (;;) {
    const call = langfuseCall(api, '/api/public/v2/observations', {
      type: 'GENERATION',
      fields: FIELDS,
      limit: String(V2_ROWS),
      fromStartTime: iso(window.from),
      toStartTime: iso(window.to),
      ...(cursor === null ? {} : { cursor }),
    });
    const answer = await fetchJson({ ...call, absent: [404, 405, 501] }, api.runtime);
    if (answer === null) {
      yield null;
      return;
    }
    yield listIn(answer, 'data', call.url);
    const meta = (answer as Row).meta;
    cursor = isObject(meta) ? textIn(meta, 'cursor') : null;
    if (cursor === null) return;
    if (seen.has(cursor)) throw badAnswer(call.url, 'leads back to a page that was read');
    seen.add(cursor);
  }
}

/**
 * Pages by number, newest first. A generation that arrives meanwhile moves others to later pages: they are read twice,
 * never missed. Pages hold inputs and outputs, so one that is too large is asked for in halves.
 */
async function* olderPages(api: LangfuseApi, window: Window): AsyncGenerator<Row[]> {
  let limit = V1_ROWS;
  let page = 1;
  for (;;) {
    const call = langfuseCall(api, '/api/public/observations', {
      type: 'GENERATION',
      page: String(page),
      limit: String(limit),
      fromStartTime: iso(window.from),
      toStartTime: iso(window.to),
    });
    let rows: Row[];
    try {
      rows = listIn(await fetchJson(call, api.runtime), 'data', call.url);
    } catch (error) {
      if ((error as { code?: string }).code !== 'page_too_large' || limit === 1) throw error;
      const half = Math.floor(limit / 2);
      page = Math.floor(((page - 1) * limit) / half) + 1;
      limit = half;
      continue;
    }
    yield rows;
    if (rows.length < limit) return;
    page++;
  }
}

/** The older API's observations have neither user nor session: their trace has. */
function withPeople(row: Row, people: TracePeople): Row {
  const known = people.get(textIn(row, 'traceId') ?? '');
  return known ? { ...known, ...withoutEmpty(row) } : row;
}

const withoutEmpty = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== ''));
