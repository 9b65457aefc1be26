/**
 * Helicone's request query: requests in the order of time. Some rows come with bodies; they are dropped unread.
 */

import { StateaiError } from '../../generation/errors.ts';
import { isObject } from '../../json/read.ts';
import { badAnswer, endpoint, keyFrom, listIn, textIn, timeIn } from './answers.ts';
import { fetchJson } from './http.ts';
import { DAY, HOUR, type Page, type PullSource } from './source.ts';
import { sourceName } from './source-name.ts';

const KEY = 'HELICONE_API_KEY';
const ROWS_A_PAGE = 500;
const SECOND = 1000;

export const helicone: PullSource = {
  format: 'helicone',
  protocols: ['https:', 'http:'],
  example: 'https://api.helicone.ai',
  firstRun: 90 * DAY,
  keeps: null,
  overlap: HOUR,
  credentials: (env) =>
    keyFrom(env, [KEY], 'Make a key that may read at us.helicone.ai/settings/api-keys (or eu.helicone.ai).'),
  async *fetch({ url, key, since, until, runtime }) {
    const at = endpoint(url, '/v1/request/query-clickhouse');
    // The filter knows whole seconds only, so the last second of a page is read again by the next.
    let from = Math.floor((since ?? 0) / SECOND) * SECOND;
    let offset = 0;
    for (;;) {
      const answer = await fetchJson(
        {
          url: at,
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
          body: {
            filter: { left: timeFilter('gte', from), operator: 'and', right: timeFilter('lte', until) },
            sort: { created_at: 'asc' },
            offset,
            limit: ROWS_A_PAGE,
            isCached: false,
          },
          keyFrom: `${KEY}, and the region of the URL (api.helicone.ai or eu.api.helicone.ai)`,
        },
        runtime,
      );
      if (isObject(answer) && textIn(answer, 'error'))
        throw new StateaiError(
          'source_failed',
          `${sourceName(at)} refuses the query`,
          'What was fetched is kept: try again later, or export a file and import that.',
        );
      const requests = listIn(answer, 'data', at);
      const times = requests.map((row) => timeIn(row, 'request_created_at')).filter((time) => time !== null);
      const newest = times.length > 0 ? Math.max(...times) : null;
      const whole = requests.length < ROWS_A_PAGE;
      yield { rows: requests, reached: whole ? until : newest } satisfies Page;
      if (whole) return;
      if (newest === null) throw badAnswer(at, 'has no times');
      const second = Math.floor(newest / SECOND) * SECOND;
      offset = second > from ? 0 : offset + requests.length;
      from = Math.max(from, second);
    }
  },
};

const timeFilter = (operator: 'gte' | 'lte', time: number) => ({
  request_response_rmt: { request_created_at: { [operator]: new Date(time).toISOString() } },
});
