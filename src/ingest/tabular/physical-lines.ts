/**
 * Where the rows of a text table stand in its file. The engine counts records; an editor counts lines. They differ
 * where a quoted value goes over several lines and where lines are empty. Read only when there is a row to report.
 */
import { createReadStream } from 'node:fs';

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;

export interface TextTable {
  /** Of a CSV; null for JSON lines, which have no quotes that hold a line break. */
  delimiter: string | null;
  /** A CSV of one column: an empty line is a row. */
  oneColumn: boolean;
}

export interface Wanted {
  /** Numbers of records as the engine's table of rejects counts them: from 1, header and empty lines included. */
  unreadable: readonly number[];
  /** Numbers of rows as a query counts them: from 1, without header, empty and unreadable lines. */
  rows: readonly number[];
}

/** The physical line, from 1, at which each wanted record and row begins. */
export async function physicalLines(
  file: string,
  table: TextTable,
  wanted: Wanted,
): Promise<{ ofRecord: Map<number, number>; ofRow: Map<number, number> }> {
  const ofRecord = new Map(wanted.unreadable.map((n) => [n, n]));
  const ofRow = new Map(wanted.rows.map((n) => [n, n]));
  const lastRow = wanted.rows.reduce((a, b) => Math.max(a, b), 0);
  const lastRecord = wanted.unreadable.reduce((a, b) => Math.max(a, b), 0);
  let record = 0;
  let row = table.delimiter === null ? 0 : -1;
  await scanRecords(file, table.delimiter, (line, empty) => {
    record++;
    if (ofRecord.has(record)) ofRecord.set(record, line);
    // The first record is the header, even when it is empty.
    else if (row < 0 || !empty || table.oneColumn) {
      row++;
      if (ofRow.has(row)) ofRow.set(row, line);
    }
    return row < lastRow || record < lastRecord;
  });
  return { ofRecord, ofRow };
}

/** Calls back for each record with the line at which it begins; stops when the answer is false. */
async function scanRecords(
  file: string,
  delimiter: string | null,
  onRecord: (line: number, empty: boolean) => boolean,
): Promise<void> {
  const separator = delimiter === null ? null : Buffer.from(delimiter).at(-1);
  const isSpace = (byte: number | undefined) =>
    byte === RETURN || (delimiter === null && (byte === 32 || byte === 9));
  let state: 'plain' | 'quoted' | 'closing' = 'plain';
  let line = 1;
  let begin = 1;
  let empty = true;
  let previous: number | undefined = NEWLINE;
  for await (const chunk of createReadStream(file, { highWaterMark: 4 << 20 }) as AsyncIterable<Buffer>) {
    const mark = begin === 1 && previous === NEWLINE && chunk[0] === 0xef && chunk[1] === 0xbb ? 3 : 0;
    let at = mark;
    let quote = -2;
    const look = (to: number) => {
      for (let i = at; empty && i < to; i++) empty = isSpace(chunk[i]);
    };
    while (at < chunk.length) {
      if (state === 'closing') {
        // A doubled quote stands for one; after any other byte the value is over.
        state = chunk[at] === QUOTE ? 'quoted' : 'plain';
        if (state === 'quoted') at++;
        continue;
      }
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline < 0 ? chunk.length : newline;
      if (quote !== -1 && quote < at) quote = separator === null ? -1 : chunk.indexOf(QUOTE, at);
      if (quote >= 0 && quote < end) {
        const before = quote === 0 ? previous : chunk[quote - 1];
        const opens = before === separator || before === NEWLINE || (mark > 0 && quote === mark);
        if (state === 'quoted') state = 'closing';
        else if (opens) state = 'quoted';
        empty = false;
        at = quote + 1;
        continue;
      }
      look(end);
      at = end;
      if (newline < 0) break;
      at++;
      line++;
      if (state === 'quoted') continue;
      if (!onRecord(begin, empty)) return;
      begin = line;
      empty = true;
    }
    previous = chunk.at(-1);
  }
  if (!empty) onRecord(begin, empty);
}
