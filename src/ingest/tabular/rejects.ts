/** Says of every rejected row where it stands and why. The file is read again for that, as most files have none. */
import { type Engine, identifier } from '../../warehouse/engine.ts';
import type { Reject } from '../door.ts';
import type { TableFormat } from './mapping.ts';
import { physicalLines } from './physical-lines.ts';
import type { Table } from './table.ts';

/** So many rejected rows are described one by one; the rest is only counted. */
export const MOST_REPORTED = 100_000;

export interface RejectsOf {
  /** The plain file, and the name that the user knows it by. */
  file: string;
  path: string;
  format: TableFormat;
  /** The line of each row (from 0), where it is known already. */
  lines: readonly number[] | null;
  table: Table;
  /** The engine's table of rows that are no rows, filled by the import (CSV only). */
  rejectsTable: string;
  /** SQL of the rows whose values cannot be used, over the table's relation; null when there are none. */
  rejectsOf: ((relation: string) => string) | null;
}

/** @returns what was rejected, and how many of these the engine could not even split into values */
export async function describeRejects(
  engine: Engine,
  { file, path, format, lines, table, rejectsTable, rejectsOf }: RejectsOf,
): Promise<{ rejects: Reject[]; unreadable: number }> {
  const csv = format === 'csv';
  const unreadable = csv ? await takeUnreadable(engine, rejectsTable) : [];
  const unusable: { record: number; reason: string }[] = [];
  if (rejectsOf) {
    const sql = rejectsOf(table.relation(csv ? rejectsTable : undefined));
    await engine.run('SET preserve_insertion_order = true');
    try {
      unusable.push(...(await engine.query<(typeof unusable)[number]>(`${sql} LIMIT ${MOST_REPORTED}`)));
    } finally {
      await engine.run('SET preserve_insertion_order = false');
      if (csv) await dropUnreadable(engine, rejectsTable);
    }
  }
  const line =
    format === 'parquet' || lines || unreadable.length + unusable.length === 0
      ? null
      : await physicalLines(
          file,
          { delimiter: table.delimiter, oneColumn: table.columns.length === 1 },
          { unreadable: unreadable.map((r) => r.line), rows: unusable.map((r) => r.record) },
        );
  const rejects = unreadable.map(({ line: record, error_type, error_message }) => ({
    file: path,
    line: line?.ofRecord.get(record) ?? record,
    reason: csvReason(error_type, error_message),
  }));
  for (const { record, reason } of unusable)
    rejects.push({
      file: path,
      line: lines?.[record - 1] ?? line?.ofRow.get(record) ?? record,
      reason: format === 'ndjson' ? ndjsonReason(reason) : reason,
    });
  return { rejects, unreadable: unreadable.length };
}

interface Unreadable {
  /** Number of the record, which the engine calls a line. */
  line: number;
  error_type: string;
  error_message: string;
}

async function takeUnreadable(engine: Engine, table: string): Promise<Unreadable[]> {
  const rows = await engine.query<Unreadable>(
    `SELECT line, min(error_type::VARCHAR) AS error_type, min(error_message) AS error_message
     FROM ${identifier(table)} GROUP BY line ORDER BY line LIMIT ${MOST_REPORTED}`,
  );
  await dropUnreadable(engine, table);
  return rows.map((r) => ({ ...r, line: Number(r.line) }));
}

const dropUnreadable = (engine: Engine, table: string): Promise<void> =>
  engine.run(
    `DROP TABLE IF EXISTS ${identifier(table)}; DROP TABLE IF EXISTS ${identifier(`${table}_scan`)}`,
  );

/** The engine's messages may quote the file: only known ones are passed on. */
function csvReason(type: string, message: string): string {
  switch (type) {
    case 'MISSING COLUMNS':
    case 'TOO MANY COLUMNS':
      return message.split('\n')[0]?.replace(/ Found:/, ', found') ?? type;
    case 'INVALID ENCODING':
      return 'the line is not UTF-8';
    case 'LINE SIZE OVER MAXIMUM':
      return 'the line is too long';
    case 'UNQUOTED VALUE':
      return 'a quoted value goes on behind its quote, or is not closed: lines that follow then belong to it';
    default:
      return `the line cannot be read (${type.toLowerCase()})`;
  }
}

/** A line that is no JSON object comes back with every field empty. */
function ndjsonReason(reason: string): string {
  return /createdAt is empty.*no token counts/.test(reason)
    ? 'not a JSON object with the mapped fields'
    : reason;
}
