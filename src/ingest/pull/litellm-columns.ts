/** Which columns of LiteLLM's spend logs are read: those that the mapping names and that this version of the table has. */
import type pg from 'pg';
import { StateaiError } from '../../generation/errors.ts';
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

/**
 * The SELECT list. Times become text as they stand, so that no client's zone moves them; of a JSON column only the parts
 * that paths lead into are asked for, under the name `column.part`.
 */
export function columnList(table: SpendLogs, wanted: readonly string[]): string {
  const items = new Set<string>();
  for (const path of [...wanted, ...NEEDED]) {
    const [top, part] = path.split('.') as [string, string | undefined];
    const type = table.columns.get(top);
    if (type === undefined || CONTENT.has(top)) continue;
    if (part !== undefined) {
      if (type === 'json' || type === 'jsonb')
        items.add(`${quoted(top)} -> '${part.replaceAll("'", "''")}' AS ${quoted(`${top}.${part}`)}`);
    } else if (type.startsWith('timestamp')) items.add(`${quoted(top)}::timestamp::text AS ${quoted(top)}`);
    else if (type !== 'json' && type !== 'jsonb') items.add(quoted(top));
  }
  return [...items].join(', ');
}

/** Puts `column.part` back where it belongs. */
export function rowOf(row: Row): Row {
  const whole: Row = {};
  for (const [name, value] of Object.entries(row)) {
    const [top, part] = name.split('.') as [string, string | undefined];
    if (part === undefined) whole[top] = value;
    else whole[top] = { ...(whole[top] as Row | undefined), [part]: value };
  }
  return whole;
}
