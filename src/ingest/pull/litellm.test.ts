/** LiteLLM's spend logs out of a real PostgreSQL. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../../testing/postgres.ts';
import { pullWorkspace } from './workspace.fixture.ts';

const why = whyNoPostgres();
if (why) process.stderr.write(`LiteLLM's PostgreSQL is not tested: ${why}\n`);

const CANARY = 'the-prompt-that-must-not-travel';

/** The table as newer versions of LiteLLM make it. */
const TABLE = `CREATE TABLE "LiteLLM_SpendLogs" (
  request_id TEXT PRIMARY KEY, call_type TEXT NOT NULL, api_key TEXT NOT NULL DEFAULT '',
  spend DOUBLE PRECISION NOT NULL DEFAULT 0, total_tokens INTEGER NOT NULL DEFAULT 0,
  prompt_tokens INTEGER NOT NULL DEFAULT 0, completion_tokens INTEGER NOT NULL DEFAULT 0,
  "startTime" TIMESTAMP(3) NOT NULL, "endTime" TIMESTAMP(3) NOT NULL, "completionStartTime" TIMESTAMP(3),
  model TEXT NOT NULL DEFAULT '', model_id TEXT, model_group TEXT, custom_llm_provider TEXT, api_base TEXT,
  "user" TEXT, metadata JSONB DEFAULT '{}', cache_hit TEXT, cache_key TEXT, request_tags JSONB DEFAULT '[]',
  team_id TEXT, end_user TEXT, requester_ip_address TEXT, messages JSONB, response JSONB, session_id TEXT,
  status TEXT, proxy_server_request JSONB)`;
/** As the first versions made it. */
const OLD_TABLE = `CREATE TABLE "LiteLLM_SpendLogs" (
  request_id TEXT PRIMARY KEY, call_type TEXT NOT NULL, api_key TEXT NOT NULL DEFAULT '',
  spend DOUBLE PRECISION NOT NULL DEFAULT 0, total_tokens INTEGER NOT NULL DEFAULT 0,
  prompt_tokens INTEGER NOT NULL DEFAULT 0, completion_tokens INTEGER NOT NULL DEFAULT 0,
  "startTime" TIMESTAMP(3) NOT NULL, "endTime" TIMESTAMP(3) NOT NULL, model TEXT NOT NULL DEFAULT '',
  api_base TEXT NOT NULL DEFAULT '', "user" TEXT NOT NULL DEFAULT '', metadata JSONB NOT NULL DEFAULT '{}',
  cache_hit TEXT NOT NULL DEFAULT '', cache_key TEXT NOT NULL DEFAULT '')`;

const INSERT = `INSERT INTO "LiteLLM_SpendLogs"
  (request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens, "startTime", "endTime",
   "completionStartTime", model, custom_llm_provider, "user", session_id, status, messages, response, proxy_server_request, metadata)
  SELECT 'r' || n, 'acompletion', 'key', 0.01, 120, 100, 20, $1::timestamp + n * interval '1 second',
    $1::timestamp + n * interval '1 second' + interval '3 seconds', $1::timestamp + n * interval '1 second' + interval '1 second',
    'gpt-4.1', 'openai', 'ada', 's1', 'success', jsonb_build_array('${CANARY}'), jsonb_build_object('text', '${CANARY}'),
    jsonb_build_object('body', '${CANARY}'),
    jsonb_build_object('usage_object', jsonb_build_object('prompt_tokens_details', jsonb_build_object('cached_tokens', 40),
      'note', '${CANARY}'), 'error_information', jsonb_build_object('error_message', '${CANARY}'), 'guardrail_information', '${CANARY}')
  FROM generate_series($2::int, $3::int) AS n`;

describe.skipIf(why !== null)('LiteLLM’s PostgreSQL', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres?.remove());

  async function database(table = TABLE) {
    const url = await postgres.database();
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(table);
    return {
      url,
      run: (sql: string, values?: unknown[]) => client.query(sql, values),
      insert: (from: number, to: number, start = '2026-06-01 00:00:00') =>
        client.query(INSERT, [start, from, to]),
      [Symbol.asyncDispose]: () => client.end(),
    };
  }

  it('becomes records, page by page, without a word of what was said', async () => {
    await using d = await database();
    await d.insert(1, 12_345);
    await using w = await pullWorkspace();
    const summary = await w.pull({ format: 'litellm', url: d.url });
    expect(summary).toMatchObject({
      fetched: 12_345,
      rows: 12_345,
      rejected: 0,
      failures: [],
      complete: true,
    });
    expect(
      await w.rows(
        `count(DISTINCT id)::INT AS n, min(created_at) AS first, sum(cached_tokens)::INT AS cached`,
      ),
    ).toEqual([{ n: 12_345, first: '2026-06-01 00:00:01', cached: 12_345 * 40 }]);
    expect((await w.rows())[0]).toMatchObject({
      id: 'r1',
      model: 'gpt-4.1',
      provider: 'openai',
      prompt_tokens: 100,
      completion_tokens: 20,
      latency_ms: 1000,
      duration_ms: 3000,
      account: w.warehouse.hashAccount('ada'),
      session: w.warehouse.hashSession('s1'),
    });
    expect(await w.onDisk(CANARY)).toBe(false);
    expect(await w.staged()).toEqual([]);
  });

  it('continues where it stopped, with an overlap for rows that come late', async () => {
    await using d = await database();
    await d.insert(1, 100, '2026-06-15 11:00:00');
    await using w = await pullWorkspace();
    const again = () => w.pull({ format: 'litellm', url: d.url });
    await again();
    // Late: it began before the last row that was read.
    await d.insert(500, 500, '2026-06-15 10:55:00');
    await d.insert(201, 250, '2026-06-15 12:10:00');
    w.clock.now += 3_600_000;
    expect(await again()).toMatchObject({ fetched: 151, rows: 51, complete: true });
    expect(await again()).toMatchObject({ rows: 0, complete: true });
    expect(await w.rows('count(*)::INT AS n')).toEqual([{ n: 151 }]);
    expect(await w.pull({ format: 'litellm', url: d.url, since: '2026-06-15T12:10' })).toMatchObject({
      fetched: 50,
      rows: 0,
    });
  });

  it('rows of one instant on both sides of a page are all there', async () => {
    await using d = await database();
    await d.insert(1, 11_000);
    await d.run(`UPDATE "LiteLLM_SpendLogs" SET "startTime" = '2026-06-02 00:00:00.123'`);
    await using w = await pullWorkspace();
    expect(await w.pull({ format: 'litellm', url: d.url })).toMatchObject({ rows: 11_000, duplicates: 0 });
  });

  it('reads the table of an old version, and one in another schema', async () => {
    await using d = await database(OLD_TABLE);
    await d.run(
      `INSERT INTO "LiteLLM_SpendLogs" (request_id, call_type, "startTime", "endTime", model, prompt_tokens, completion_tokens)
       VALUES ('old', 'completion', '2024-01-02 03:04:05.678', '2024-01-02 03:04:06', 'gpt-4', 3, 4)`,
    );
    await d.run('CREATE SCHEMA proxy');
    await d.run('ALTER TABLE "LiteLLM_SpendLogs" SET SCHEMA proxy');
    await using w = await pullWorkspace();
    expect(await w.pull({ format: 'litellm', url: `${d.url}?schema=proxy` })).toMatchObject({
      rows: 1,
      failures: [],
    });
    expect(await w.rows('id, created_at, total_tokens, session')).toEqual([
      { id: 'old', created_at: '2024-01-02 03:04:05.678', total_tokens: 7, session: null },
    ]);
  });

  it('times are UTC whatever the zone of server and client, and however the server writes days', async () => {
    await using d = await database();
    const name = new URL(d.url).pathname.slice(1);
    await d.run(`ALTER DATABASE ${name} SET timezone = 'Asia/Tokyo'`);
    await d.run(`ALTER DATABASE ${name} SET datestyle = 'SQL, DMY'`);
    await d.insert(1, 1);
    await d.run(
      `ALTER TABLE "LiteLLM_SpendLogs" ALTER COLUMN "endTime" TYPE timestamptz USING "endTime" AT TIME ZONE 'UTC'`,
    );
    await using w = await pullWorkspace();
    await w.pull({ format: 'litellm', url: d.url, since: '2026-06-01T00:00:01Z' });
    expect(await w.rows('created_at, duration_ms')).toEqual([
      { created_at: '2026-06-01 00:00:01', duration_ms: 3000 },
    ]);
  });

  it('is enough to be allowed to read the columns that are needed', async () => {
    await using d = await database();
    await d.insert(1, 3);
    await d.run(`CREATE ROLE reader_${Date.now()} LOGIN`);
    const [{ rolname: role }] = (
      await d.run(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'reader_%' ORDER BY oid DESC LIMIT 1`)
    ).rows;
    await d.run(
      `GRANT SELECT (request_id, call_type, "startTime", "endTime", model, prompt_tokens, completion_tokens) ON "LiteLLM_SpendLogs" TO ${role}`,
    );
    await using w = await pullWorkspace();
    const url = new URL(d.url);
    url.username = role;
    expect(await w.pull({ format: 'litellm', url: url.href })).toMatchObject({ rows: 3, failures: [] });
  });

  it('says what is wrong without the password', async () => {
    await using d = await database('SELECT 1');
    await using w = await pullWorkspace();
    const secret = 'hunter2-of-the-database';
    const url = new URL(d.url);
    url.password = secret;
    const noTable = await w.pull({ format: 'litellm', url: url.href });
    expect(noTable.failures[0]).toMatchObject({ code: 'no_api' });
    expect(noTable.failures[0]?.message).toContain('no table "LiteLLM_SpendLogs"');
    url.pathname = '/nothing';
    const noDatabase = await w.pull({ format: 'litellm', url: url.href });
    expect(noDatabase.failures[0]?.message).toContain('there is no such database');
    url.port = '1';
    const nobody = await w.pull({ format: 'litellm', url: url.href });
    expect(nobody.failures[0]).toMatchObject({ code: 'source_unreachable' });
    expect(w.waits.length).toBe(4);
    expect(JSON.stringify([noTable, noDatabase, nobody])).not.toContain(secret);
    expect(await w.onDisk(secret)).toBe(false);
  });

  it('a connection that breaks is made anew and goes on with the same page', async () => {
    await using d = await database();
    await d.insert(1, 12_000);
    await using w = await pullWorkspace();
    let killed = false;
    const summary = await w.pull({
      format: 'litellm',
      url: d.url,
      onProgress: () => {
        if (killed) return;
        killed = true;
        void d.run(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'stateai'`,
        );
      },
    });
    expect(summary).toMatchObject({ rows: 12_000, complete: true, failures: [] });
  });

  it('what was read before the database goes away is kept, and the next run continues', async () => {
    await using d = await database();
    await d.insert(1, 12_000);
    await using w = await pullWorkspace();
    const pages: Promise<void>[] = [];
    const broken = await w.pull({
      format: 'litellm',
      url: d.url,
      onProgress: () => {
        if (pages.length === 0) pages.push(postgres.stop());
      },
    });
    await Promise.all(pages);
    expect(broken).toMatchObject({ complete: false, rows: broken.fetched });
    expect(broken.rows).toBeGreaterThanOrEqual(5000);
    expect(broken.rows).toBeLessThan(12_000);
    expect(broken.failures[0]).toMatchObject({ code: 'source_unreachable' });
    await postgres.start();
    const rest = await w.pull({ format: 'litellm', url: d.url });
    expect(rest).toMatchObject({ complete: true });
    expect(rest.fetched).toBeLessThan(12_000);
    expect(await w.rows('count(*)::INT AS n')).toEqual([{ n: 12_000 }]);
  });

  it('a query that waits ends with its signal', async () => {
    await using d = await database();
    await d.insert(1, 10);
    const locker = new pg.Client({ connectionString: d.url });
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE "LiteLLM_SpendLogs" IN ACCESS EXCLUSIVE MODE');
    await using w = await pullWorkspace();
    const stopping = new AbortController();
    const running = w.pull({ format: 'litellm', url: d.url, signal: stopping.signal });
    const waits = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'stateai' AND wait_event_type = 'Lock'`;
    await expect.poll(async () => (await d.run(waits)).rows[0].n, { timeout: 20_000 }).toBe(1);
    stopping.abort();
    expect(await running).toMatchObject({ complete: false, fetched: 0, failures: [] });
    await locker.end();
    expect(await w.pull({ format: 'litellm', url: d.url })).toMatchObject({ rows: 10, complete: true });
  });

  it('cannot write, whatever it is made to read', async () => {
    await using d = await database();
    await d.run('CREATE TABLE victim (n int)');
    await d.run('ALTER TABLE "LiteLLM_SpendLogs" RENAME TO logs');
    await d.run(
      `CREATE FUNCTION write() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO victim VALUES (1); RETURN 'm'; END $$`,
    );
    await d.run(
      `CREATE VIEW "LiteLLM_SpendLogs" AS SELECT 'r1' AS request_id, 'completion' AS call_type, write() AS model,
         1 AS prompt_tokens, 1 AS completion_tokens, timestamp '2026-06-01' AS "startTime"`,
    );
    await using w = await pullWorkspace();
    const { failures } = await w.pull({ format: 'litellm', url: d.url });
    expect(failures[0]?.message).toContain('(25006)');
    expect((await d.run('SELECT * FROM victim')).rows).toEqual([]);
  });
});
