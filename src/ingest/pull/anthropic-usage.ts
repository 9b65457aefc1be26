/**
 * Anthropic's usage report: what an organisation used a UTC day, by model, workspace, key and tier. It takes an admin key.
 */
import { endpoint, keyFrom, timeIn } from './answers.ts';
import { bucketPages } from './buckets.ts';
import { DAY, type PullSource } from './source.ts';

const KEY = 'ANTHROPIC_ADMIN_KEY';
const GROUPS = ['model', 'workspace_id', 'api_key_id', 'service_tier'];

export const anthropicUsage: PullSource = {
  format: 'anthropic-usage',
  protocols: ['https:', 'http:'],
  example: 'https://api.anthropic.com',
  firstRun: 365 * DAY,
  keeps: null,
  overlap: 2 * DAY,
  credentials: (env) =>
    keyFrom(
      env,
      [KEY],
      'The usage report takes an admin key (sk-ant-admin…): an admin of the organisation makes one in the Console under Settings → Admin keys.',
    ),
  async *fetch({ url, key, since, until, runtime }) {
    const start = new Date(Math.floor((since ?? 0) / DAY) * DAY).toISOString();
    yield* bucketPages({
      runtime,
      until,
      call: (page) => ({
        url: endpoint(url, '/v1/organizations/usage_report/messages', {
          starting_at: start,
          bucket_width: '1d',
          limit: '31',
          'group_by[]': GROUPS,
          ...(page === null ? {} : { page }),
        }),
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        keyFrom: `${KEY}: it must be an admin key, a key for requests is not enough`,
      }),
      startOf: (bucket) => timeIn(bucket, 'starting_at'),
      times: (day) => ({ starting_at: isoDay(day), ending_at: isoDay(day + DAY) }),
    });
  },
};

const isoDay = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
