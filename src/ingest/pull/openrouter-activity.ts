/**
 * OpenRouter's activity API: what an account used, summed by completed UTC day, model, endpoint and workspace, for the
 * last 30 days. One request answers all of it; it takes a management key.
 */
import { endpoint, keyFrom, listIn, timeIn } from './answers.ts';
import { fetchJson } from './http.ts';
import { DAY, type PullSource } from './source.ts';

const KEYS = ['OPENROUTER_PROVISIONING_KEY', 'OPENROUTER_API_KEY'];

export const openrouterActivity: PullSource = {
  format: 'openrouter-activity',
  rowsAs: 'openrouter-activity-api',
  protocols: ['https:', 'http:'],
  example: 'https://openrouter.ai/api/v1',
  firstRun: 31 * DAY,
  keeps: 31 * DAY,
  overlap: 3 * DAY,
  credentials: (env) =>
    keyFrom(
      env,
      KEYS,
      'The activity API takes a management (provisioning) key: make one at openrouter.ai/settings/management-keys.',
    ),
  async *fetch({ url, key, since, until, runtime }) {
    const base = url.pathname === '/' ? new URL('/api/v1', url) : url;
    const at = endpoint(base, '/activity', { group_by: 'workspace' });
    const answer = await fetchJson(
      {
        url: at,
        headers: { authorization: `Bearer ${key}` },
        keyFrom: `${KEYS.join(' or ')}: it must be a management key, a key for requests is not enough`,
      },
      runtime,
    );
    const first = since === null ? 0 : Math.floor(since / DAY) * DAY;
    const rows = listIn(answer, 'data', at).filter((row) => (timeIn(row, 'date') ?? first) >= first);
    // The day that is not over yet has no rows.
    yield { rows, reached: Math.floor(until / DAY) * DAY };
  },
};
