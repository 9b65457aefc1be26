/**
 * OpenAI's usage API: what an organisation used a UTC day, by model, project, user, key and tier: all that generates
 * text, whichever API it came by. Embeddings are no generations. It takes an admin key.
 */
import { endpoint, keyFrom } from './answers.ts';
import { bucketPages } from './buckets.ts';
import { DAY, type PullSource } from './source.ts';

const KEY = 'OPENAI_ADMIN_KEY';
const GROUPS = ['model', 'project_id', 'user_id', 'api_key_id', 'batch', 'service_tier'];

export const openaiUsage: PullSource = {
  format: 'openai-usage',
  protocols: ['https:', 'http:'],
  example: 'https://api.openai.com',
  firstRun: 365 * DAY,
  keeps: null,
  // A day's sums are complete some hours after it.
  overlap: 2 * DAY,
  credentials: (env) =>
    keyFrom(
      env,
      [KEY],
      'Usage takes an admin key (sk-admin-…): an owner of the organisation makes one at platform.openai.com/settings/organization/admin-keys.',
    ),
  async *fetch({ url, key, since, until, runtime }) {
    const start = Math.floor((since ?? 0) / DAY) * DAY;
    yield* bucketPages({
      runtime,
      until,
      call: (page) => ({
        url: endpoint(url, '/v1/organization/usage/completions', {
          start_time: String(start / 1000),
          bucket_width: '1d',
          limit: '31',
          group_by: GROUPS,
          ...(page === null ? {} : { page }),
        }),
        headers: { authorization: `Bearer ${key}` },
        keyFrom: `${KEY}: it must be an admin key, a key for requests is not enough`,
      }),
      startOf: ({ start_time: seconds }) => (typeof seconds === 'number' ? seconds * 1000 : null),
      times: (day) => ({ start_time: day / 1000, end_time: (day + DAY) / 1000 }),
    });
  },
};
