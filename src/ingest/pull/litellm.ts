/**
 * LiteLLM's spend logs, read from its PostgreSQL: page by page in the order of time, each page in a read-only transaction
 * of its own. Only the columns that the mapping reads are named, so prompts and answers never leave the database.
 */
import pg from 'pg';
import { StateaiError } from '../../generation/errors.ts';
import { findSpendLogs, type SpendLogs, selectList } from './litellm-columns.ts';
import { HOUR, type Page, type PullSource, type Row, type Runtime } from './source.ts';
import { sourceName } from './source-name.ts';

const ROWS_A_PAGE = 5000;
const STATEMENT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 20_000;
const MOST_TRIES = 5;

export const litellm: PullSource = {
  format: 'litellm',
  protocols: ['postgres:', 'postgresql:'],
  example: 'postgres://reader@db.example.org/litellm (the password in PGPASSWORD)',
  firstRun: null,
  keeps: null,
  // A request is logged when it has ended, under the time of its start.
  overlap: HOUR,
  // PostgreSQL asks for a password itself, and only if it needs one.
  credentials: () => '',
  identity: (_, url) => url.username,
  async *fetch({ url, since, until, columns, runtime }) {
    const database = openDatabase(url, runtime);
    try {
      const table = await database.run((client) => findSpendLogs(client, url));
      const list = selectList(table, columns);
      const time = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
      let after: [string, string] | null = null;
      for (;;) {
        const page: Row[] = await database.run((client) =>
          readPage(client, table, list.sql, {
            since: since === null ? null : time(since),
            until: time(until),
            after,
          }),
        );
        const last = page.at(-1);
        if (last) after = [String(last.page_time), String(last.page_id)];
        const whole = page.length < ROWS_A_PAGE;
        yield {
          rows: page.map(list.rowOf),
          reached: whole ? until : last ? Date.parse(`${String(last.page_time).replace(' ', 'T')}Z`) : null,
        } satisfies Page;
        if (whole) return;
      }
    } finally {
      await database.close();
    }
  },
};

interface Bounds {
  since: string | null;
  until: string;
  /** Time and id of the last row of the page before. */
  after: [string, string] | null;
}

async function readPage(client: pg.Client, table: SpendLogs, list: string, bounds: Bounds): Promise<Row[]> {
  const values: string[] = [bounds.until];
  const parameter = (value: string) => `$${values.push(value)}`;
  const conditions = ['"startTime" < $1::timestamp'];
  if (bounds.since !== null) conditions.push(`"startTime" >= ${parameter(bounds.since)}::timestamp`);
  if (bounds.after)
    conditions.push(
      `("startTime", request_id) > (${parameter(bounds.after[0])}::timestamp, ${parameter(bounds.after[1])}::text)`,
    );
  // Times without a zone are UTC here; the session's zone must not matter for columns that have one, nor how it writes days.
  await client.query('BEGIN TRANSACTION READ ONLY');
  await client.query(`SET LOCAL TIME ZONE 'UTC'`);
  await client.query(`SET LOCAL datestyle = 'ISO, YMD'`);
  await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
  const { rows } = await client.query<Row>(
    `SELECT ${list}, "startTime"::timestamp::text AS page_time, request_id AS page_id
     FROM ${table.name} WHERE ${conditions.join(' AND ')}
     ORDER BY "startTime", request_id LIMIT ${ROWS_A_PAGE}`,
    values,
  );
  await client.query('COMMIT');
  return rows;
}

/** One connection, made anew when it breaks. */
function openDatabase(url: URL, runtime: Runtime) {
  const where = sourceName(url);
  let client: pg.Client | null = null;
  const drop = async () => {
    const old = client;
    client = null;
    await old?.end().catch(() => undefined);
  };
  // A query that runs when the signal comes is cut off with its connection.
  const onAbort = () => void drop();
  runtime.signal.addEventListener('abort', onAbort, { once: true });
  const connected = async () => {
    if (client) return client;
    const fresh = new pg.Client({
      connectionString: url.href,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 10_000,
      application_name: 'stateai',
      keepAlive: true,
    });
    fresh.on('error', () => {
      if (client === fresh) client = null;
    });
    client = fresh;
    await fresh.connect();
    return fresh;
  };
  return {
    async run<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
      for (let tries = 1; ; tries++) {
        runtime.signal.throwIfAborted();
        try {
          return await work(await connected());
        } catch (error) {
          await drop();
          if (runtime.signal.aborted) throw runtime.signal.reason;
          const explained = explainDatabase(error, where);
          if (tries === MOST_TRIES || !mayPass(error)) throw explained;
          const pause = 1000 * 2 ** (tries - 1);
          runtime.onWait(pause, explained.message);
          await runtime.sleep(pause);
        }
      }
    },
    async close() {
      runtime.signal.removeEventListener('abort', onAbort);
      await drop();
    },
  };
}

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,30}$/.test(code) ? code : '';
};

/** Lost connections, restarts, too many clients; also what comes without a code: the client's own time-outs. */
function mayPass(error: unknown): boolean {
  if (error instanceof StateaiError || /password|SASL|SSL/i.test(String((error as Error)?.message)))
    return false;
  const code = codeOf(error);
  return code === '' || /^(08|57P0|53|40)/.test(code) || /^(ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN)/.test(code);
}

/** The server's own words may hold values of rows or of the connection: only its code is shown. */
function explainDatabase(error: unknown, where: string): StateaiError {
  if (error instanceof StateaiError) return error;
  const code = codeOf(error);
  const say = (kind: string, what: string, next: string) =>
    new StateaiError(kind, `${where}: ${what}${code ? ` (${code})` : ''}`, next);
  if (code === '28P01' || code === '28000' || /password|SASL/i.test(String((error as Error)?.message)))
    return say(
      'key_refused',
      'the database refuses this user or password',
      'Give the user in the URL and the password in PGPASSWORD, in ~/.pgpass or in the URL.',
    );
  if (/CERT|UNABLE_TO_VERIFY/.test(code))
    return say(
      'source_unreachable',
      'the server’s certificate is not trusted',
      'Name its authority with ?sslrootcert=<file>, or, in a network that you trust, use ?sslmode=no-verify.',
    );
  if (code === 'ENOENT')
    return say(
      'bad_source',
      'a file that the URL names cannot be read',
      'Check sslrootcert, sslcert and sslkey.',
    );
  if (code === '3D000') return say('no_api', 'there is no such database', 'Check the last part of the URL.');
  if (code === '42501')
    return say(
      'key_refused',
      'the user may not read "LiteLLM_SpendLogs"',
      'Grant it SELECT; the guide lists the columns that are enough.',
    );
  if (code === '57014')
    return say(
      'source_failed',
      `a page took longer than ${STATEMENT_TIMEOUT_MS / 1000} s`,
      'Check that "LiteLLM_SpendLogs" has its index on "startTime".',
    );
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|57P0|08)/.test(code) || code === '')
    return say(
      'source_unreachable',
      'the database cannot be reached or broke off',
      'Check host, port and network; a server that wants TLS needs ?sslmode=verify-full.',
    );
  return say('source_failed', 'the database refuses the query', 'Check that this is LiteLLM’s database.');
}
