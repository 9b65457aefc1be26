/** A small CSV as rows of texts with the line that each begins in (RFC 4180). Large ones are the engine's business. */

export interface CsvRow {
  cells: string[];
  line: number;
}

/** Quotes may stand around a value, doubled inside it; empty lines are left out. */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let row: CsvRow = { cells: [], line: 1 };
  let line = 1;
  const value = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (value.lastIndex < text.length || row.cells.length > 0) {
    const at = value.lastIndex;
    let found = value.exec(text);
    // A quote in the middle of a value is a part of it.
    if (!found) found = plain(text, at, value);
    const [whole, quoted, bare = '', end] = found;
    row.cells.push(quoted?.replaceAll('""', '"') ?? bare);
    line += whole.split(/\r\n|\n|\r/).length - 1;
    if (end === ',') continue;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
    row = { cells: [], line };
  }
  return rows;
}

function plain(text: string, at: number, value: RegExp): RegExpExecArray {
  const rest = /([^,\r\n]*)(,|\r\n|\n|\r|$)/y;
  rest.lastIndex = at;
  const [whole = '', bare = '', end = ''] = rest.exec(text) ?? [];
  value.lastIndex = rest.lastIndex;
  return [whole, undefined, bare, end] as unknown as RegExpExecArray;
}
