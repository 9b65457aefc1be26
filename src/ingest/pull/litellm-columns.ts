/** Which columns of LiteLLM's spend logs are read: those that the mapping names and that this version of the table has. */
import type pg from 'pg';
import { StateaiError } from '../../generation/errors.ts';
import { put } from './project.ts';
import type { Row } from './source.ts';
import { sourceName } from './source-name.ts';

const TABLE = 'LiteLLM_SpendLogs';
const NEEDED = ['request_id', 'startTime'];
/** Never read, whatever a mapping says. */
const CONTENT = new Set(['messages', 'response', 'proxy_server_request']);

export interface SpendLogs {
  /** Quoted, with its schema. */
  name: string;
  /** Column → type. Only those that this user may read. */
  columns: ReadonlyMap<string, string>;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** @throws `no_api` when the database has no such table or it lacks what paging needs */
export async function findSpendLogs(client: pg.Client, url: URL): Promise<SpendLogs> {
  const { rows } = await client.query<{ schema: string; column: string; type: string }>(
    `SELECT table_schema AS schema, column_name AS column, data_type AS type
     FROM information_schema.columns WHERE table_name = $1`,
    [TABLE],
  );
  // Prisma's URLs name the schema.
  const wanted = url.searchParams.get('schema') ?? 'public';
  const schemas = [...new Set(rows.map((row) => row.schema))].sort();
  const schema = schemas.includes(wanted) ? wanted : schemas[0];
  const columns = new Map(rows.filter((r) => r.schema === schema).map((r) => [r.column, r.type]));
  if (schema === undefined || NEEDED.some((column) => !columns.has(column)))
    throw new StateaiError(
      'no_api',
      `${sourceName(url)} has no table "${TABLE}" that this user may read`,
      'Check the database in the URL, and that the user may SELECT from the table.',
    );
  return { name: `${quoted(schema)}.${quoted(TABLE)}`, columns };
}

export interface SelectList {
  sql: string;
  /** The row as the mapping knows it, from one of the query's answer. */
  rowOf(answer: Row): Row;
}

/**
 * Times become text as they stand, so that no client's zone moves them; of a JSON column only the values at the wanted
 * paths are asked for.
 */
export function selectList(table: SpendLogs, wanted: readonly string[]): SelectList {
  const items = new Map<string, string>();
  for (const path of [...wanted, ...NEEDED]) {
    const [top, ...rest] = path.split('.') as [string, ...string[]];
    const type = table.columns.get(top);
    if (type === undefined || CONTENT.has(top)) continue;
    const json = type === 'json' || type === 'jsonb';
    if (json && rest.length > 0) items.set(path, `${quoted(top)} #> ${array(rest)}`);
    else if (json || rest.length > 0) continue;
    else if (type.startsWith('timestamp')) items.set(path, `${quoted(top)}::timestamp::text`);
    else items.set(path, quoted(top));
  }
  const paths = [...items.keys()].map((path) => path.split('.'));
  return {
    // Paths are longer than PostgreSQL lets a name be.
    sql: [...items.values()].map((item, at) => `${item} AS c${at}`).join(', '),
    rowOf(answer) {
      const row: Row = {};
      for (const [at, path] of paths.entries()) put(row, path, answer[`c${at}`] ?? undefined);
      return row;
    },
  };
}

const array = (steps: readonly string[]): string =>
  `ARRAY[${steps.map((step) => `'${step.replaceAll("'", "''")}'`).join(', ')}]::text[]`;
