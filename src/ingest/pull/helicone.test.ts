/** Helicone's request query. */
import { describe, expect, it } from 'vitest';
import { type Asked, apiServer } from './api-server.fixture.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const ENV = { HELICONE_API_KEY: 'sk-helicone-very-secret' };
const CANARY = 'what-the-user-said-to-the-model';

const request = (id: number, time: string, change: object = {}) => ({
  request_id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  response_id: null,
  request_created_at: time,
  response_created_at: time,
  request_body: { messages: [{ role: 'user', content: CANARY }] },
  response_body: { choices: [{ message: { content: CANARY } }] },
  response_status: 200,
  request_user_id: 'ada',
  request_properties: { App: 'desk', Note: CANARY },
  properties: { App: 'desk', Note: CANARY },
  provider: 'OPENAI',
  delay_ms: 1200,
  request_model: 'gpt-4.1',
  time_to_first_token: 300,
  total_tokens: 120,
  prompt_tokens: 60,
  completion_tokens: 20,
  prompt_cache_read_tokens: 40,
  prompt_cache_write_tokens: 0,
  country_code: 'DE',
  cost: 0.0015,
  signed_body_url: `https://bodies.example.org/${CANARY}`,
  ...change,
});
type Request = ReturnType<typeof request>;

/** Sorted by time, filtered to whole seconds, at most 1000 a page, as the API does. */
async function heliconeServer(requests: Request[]) {
  return apiServer((asked: Asked) => {
    if (asked.headers.authorization !== `Bearer ${ENV.HELICONE_API_KEY}`) return { json: {}, status: 401 };
    const body = asked.body as {
      filter: { left: Filter; right: Filter };
      offset: number;
      limit: number;
      sort: { created_at: string };
    };
    if (asked.method !== 'POST' || body.limit > 1000 || body.sort.created_at !== 'asc')
      return { json: {}, status: 400 };
    const second = (text: string | undefined) => Math.floor(Date.parse(text ?? '') / 1000) * 1000;
    const from = second(body.filter.left.request_response_rmt.request_created_at.gte);
    const to = second(body.filter.right.request_response_rmt.request_created_at.lte);
    const time = (r: Request) => Date.parse(`${r.request_created_at.replace(' ', 'T')}Z`);
    const found = requests.filter((r) => time(r) >= from && time(r) <= to).sort((a, b) => time(a) - time(b));
    return { json: { data: found.slice(body.offset, body.offset + body.limit), error: null } };
  });
}
interface Filter {
  request_response_rmt: { request_created_at: { gte?: string; lte?: string } };
}

const at = (ms: number) =>
  new Date(Date.parse('2026-06-10T00:00:00Z') + ms).toISOString().replace('T', ' ').replace('Z', '');

describe('Helicone', () => {
  it('becomes records, page by page, without bodies', async () => {
    await using api = await heliconeServer(Array.from({ length: 1800 }, (_, n) => request(n, at(n * 700))));
    await using w = await pullWorkspace(ENV);
    const summary = await w.pull({ format: 'helicone', url: api.url });
    expect(summary).toMatchObject({ rows: 1800, rejected: 0, failures: [], complete: true });
    expect((await w.rows())[0]).toMatchObject({
      created_at: '2026-06-10 00:00:00',
      model: 'gpt-4.1',
      account: w.warehouse.hashAccount('ada'),
      app: 'desk',
      prompt_tokens: 100,
      cached_tokens: 40,
      completion_tokens: 20,
      cost: 0.0015,
      status: 200,
      latency_ms: 300,
      duration_ms: 1200,
    });
    expect(await w.onDisk(CANARY)).toBe(false);
    expect(await w.onDisk('very-secret')).toBe(false);
  });

  it('more requests in one second than a page holds are all there', async () => {
    const requests = Array.from({ length: 1300 }, (_, n) =>
      request(n, at(n < 50 ? 0 : n < 1250 ? 5000 + (n % 900) : 9000)),
    );
    await using api = await heliconeServer(requests);
    await using w = await pullWorkspace(ENV);
    expect(await w.pull({ format: 'helicone', url: api.url })).toMatchObject({ rows: 1300, complete: true });
  });

  it('continues with an overlap', async () => {
    const requests = [request(1, at(0)), request(2, at(1000))];
    await using api = await heliconeServer(requests);
    await using w = await pullWorkspace(ENV);
    await w.pull({ format: 'helicone', url: api.url });
    requests.push(request(3, '2026-06-15 11:30:00'));
    expect(await w.pull({ format: 'helicone', url: api.url })).toMatchObject({ fetched: 1, rows: 1 });
  });

  it('an error that comes with 200 is an error', async () => {
    await using api = await apiServer(() => ({ json: { data: null, error: 'text of theirs' } }));
    await using w = await pullWorkspace(ENV);
    const { failures } = await w.pull({ format: 'helicone', url: api.url });
    expect(failures[0]).toMatchObject({ code: 'source_failed' });
    expect(failures[0]?.message).not.toContain('text of theirs');
  });
});
