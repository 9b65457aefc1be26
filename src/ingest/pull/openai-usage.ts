/**
 * OpenAI's usage API: what an organisation used a UTC day, by model, project, user, key and tier; completions (chat and
 * Responses too) and embeddings. It takes an admin key.
 */
import { endpoint, keyFrom } from './answers.ts';
import { bucketPages } from './buckets.ts';
import { DAY, type PullSource } from './source.ts';

const KEY = 'OPENAI_ADMIN_KEY';
const REPORTS = {
  completions: ['model', 'project_id', 'user_id', 'api_key_id', 'batch', 'service_tier'],
  embeddings: ['model', 'project_id', 'user_id', 'api_key_id'],
};

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
    const start = String(Math.floor((since ?? 0) / DAY) * (DAY / 1000));
    const end = String(Math.ceil(until / 1000));
    const reports = Object.entries(REPORTS);
    for (const [at, [report, groups]] of reports.entries()) {
      const query = { start_time: start, end_time: end, bucket_width: '1d', limit: '31', group_by: groups };
      const pages = bucketPages({
        runtime,
        until,
        call: (page) => ({
          url: endpoint(url, `/v1/organization/usage/${report}`, {
            ...query,
            ...(page === null ? {} : { page }),
          }),
          headers: { authorization: `Bearer ${key}` },
          keyFrom: `${KEY}: it must be an admin key, a key for requests is not enough`,
        }),
        times: ['start_time', 'end_time'],
        endOf: (bucket) => (typeof bucket.end_time === 'number' ? bucket.end_time * 1000 : null),
      });
      // The place counts only for the last report: what the others have up to there was read before.
      for await (const page of pages)
        yield at === reports.length - 1 ? page : { rows: page.rows, reached: null };
    }
  },
};
