/** A CSV, NDJSON or Parquet file as a relation whose columns are text, and its column names. */
import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { StateaiError } from '../../generation/errors.ts';
import type { Engine, SqlRow } from '../../warehouse/engine.ts';
import { identifier, literal } from '../../warehouse/engine.ts';
import { isPattern, jsonOfJson, jsonOfText, textAt, textsAt } from './json-path.ts';
import { type Mapping, mappedColumns, mappedPaths, type TableFormat } from './mapping.ts';

/** No row of a table is longer; what is, is rejected. */
export const LONGEST_ROW = 2 << 20;

export interface Table {
  columns: string[];
  /** Between a CSV's values; null for the other formats. */
  delimiter: string | null;
  /** @param rejects name for the engine's table of rows that are no rows (CSV only) */
  relation(rejects?: string): string;
  /**
   * SQL that gives a mapped column or path as text (NULL where it is empty), null when the table has no such column.
   * Of a path whose last step has a `*` it gives the list of all texts that fit.
   */
  reference(column: string): string | null;
}

/** @param file readable by the engine: plain UTF-8 or Parquet. @param name for messages */
export async function openTable(
  engine: Engine,
  file: string,
  name: string,
  mapping: Mapping & { format: TableFormat },
): Promise<Table> {
  switch (mapping.format) {
    case 'csv':
      return openCsv(engine, file, name, mapping.delimiter);
    case 'ndjson':
      return openNdjson(file, mapping);
    case 'parquet':
      return openParquet(engine, file, name);
  }
}

/** A column by its whole name, or a path into a column that holds JSON. */
function referenceTo(
  path: string,
  find: (name: string) => string | undefined,
  sql: { text(column: string): string; json(column: string): string },
): string | null {
  const whole = find(path);
  if (whole !== undefined) return sql.text(whole);
  const [top, ...steps] = path.split('.') as [string, ...string[]];
  const column = find(top);
  if (column === undefined || steps.length === 0) return null;
  return (isPattern(path) ? textsAt : textAt)(sql.json(column), steps);
}

async function openCsv(engine: Engine, file: string, name: string, wanted?: string): Promise<Table> {
  const header = await firstLine(file);
  if (header.trim() === '')
    throw new StateaiError(
      'empty_file',
      `${name}: the file is empty`,
      'A CSV begins with a line of column names.',
    );
  const delimiter =
    wanted ??
    [',', ';', '\t', '|'].reduce((a, b) => (header.split(b).length > header.split(a).length ? b : a));
  const dialect = `delim = ${literal(delimiter)}, quote = '"', escape = '"', header = true`;
  const columns = (await sniffedColumns(engine, file, dialect)) ?? headerColumns(header, delimiter);
  if (columns === null)
    throw new StateaiError(
      'not_csv',
      `${name}: this is no CSV with a header`,
      'Check the file, or give the delimiter in the mapping.',
    );
  const types = columns.map((c) => `${literal(c)}: 'VARCHAR'`).join(', ');
  const byName = new Map(columns.map((c) => [c.trim().toLowerCase(), c]));
  return {
    columns,
    delimiter,
    relation: (rejects) => {
      const store = rejects
        ? `store_rejects = true, rejects_table = ${literal(rejects)}, rejects_scan = ${literal(`${rejects}_scan`)}, rejects_limit = 0`
        : 'ignore_errors = true';
      return `read_csv(${literal(file)}, columns = {${types}}, ${dialect}, auto_detect = false, max_line_size = ${LONGEST_ROW}, ${store})`;
    },
    reference: (path) =>
      referenceTo(path, (name) => byName.get(name.trim().toLowerCase()), {
        text: identifier,
        json: (column) => jsonOfText(identifier(column)),
      }),
  };
}

/** null: a value that is not closed, wherever it stands, keeps the engine from telling. */
async function sniffedColumns(engine: Engine, file: string, dialect: string): Promise<string[] | null> {
  const options = `all_varchar = true, sample_size = 20, strict_mode = false, null_padding = true, ignore_errors = true`;
  const [sniffed] = await engine
    .query<{ Columns: { name: string }[] }>(
      `SELECT Columns FROM sniff_csv(${literal(file)}, ${dialect}, ${options}, max_line_size = ${LONGEST_ROW}, buffer_size = ${2 * LONGEST_ROW})`,
    )
    .catch(() => []);
  return sniffed ? sniffed.Columns.map((c) => c.name.replace(/^\ufeff/, '')) : null;
}

/** null: the first line holds no names. */
function headerColumns(header: string, delimiter: string): string[] | null {
  try {
    const [names = []] = parse(header, { delimiter }) as string[][];
    return new Set(names).size === names.length ? names : null;
  } catch {
    return null;
  }
}

function openNdjson(file: string, mapping: Mapping): Table {
  const tops = mappedColumns(mapping);
  const nested = new Set(
    mappedPaths(mapping)
      .filter((p) => p.includes('.'))
      .map((p) => p.split('.')[0]?.toLowerCase()),
  );
  const isNested = (name: string) => nested.has(name.toLowerCase());
  const types = tops.map((t) => `${literal(t)}: '${isNested(t) ? 'JSON' : 'VARCHAR'}'`).join(', ');
  return {
    columns: tops,
    delimiter: null,
    relation: () =>
      `read_json(${literal(file)}, format = 'newline_delimited', columns = {${types}}, ignore_errors = true, maximum_object_size = ${16 << 20})`,
    reference: (path) =>
      referenceTo(path, (name) => tops.find((t) => t.toLowerCase() === name.toLowerCase()), {
        text: (column) =>
          isNested(column) ? textAt(identifier(column), []) : `nullif(${identifier(column)}, '')`,
        json: (column) => jsonOfJson(identifier(column)),
      }),
  };
}

async function openParquet(engine: Engine, file: string, name: string): Promise<Table> {
  let described: (SqlRow & { column_name: string; column_type: string })[];
  try {
    described = await engine.query(
      `DESCRIBE SELECT * FROM read_parquet(${literal(file)}, hive_partitioning = false)`,
    );
  } catch (error) {
    throw new StateaiError(
      'not_parquet',
      `${name}: this is no whole Parquet file (${(error as Error).message.split('\n')[0]?.slice(0, 200)})`,
      'Fetch or export the file again.',
      error,
    );
  }
  const byName = new Map(described.map((d) => [d.column_name.toLowerCase(), d]));
  const typeOf = (column: string) => byName.get(column.toLowerCase())?.column_type;
  return {
    columns: described.map((d) => d.column_name),
    delimiter: null,
    relation: () => `read_parquet(${literal(file)}, hive_partitioning = false)`,
    reference: (path) =>
      referenceTo(path, (column) => byName.get(column.toLowerCase())?.column_name, {
        text: (column) => `nullif(${identifier(column)}::VARCHAR, '')`,
        json: (column) =>
          /^(VARCHAR|JSON)$/.test(typeOf(column) ?? '')
            ? jsonOfText(`${identifier(column)}::VARCHAR`)
            : `to_json(${identifier(column)})`,
      }),
  };
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(1 << 16);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return (
      buffer
        .subarray(0, bytesRead)
        .toString('utf8')
        .replace(/^\ufeff/, '')
        .split(/\r?\n/, 1)[0] ?? ''
    );
  } finally {
    await handle.close();
  }
}
