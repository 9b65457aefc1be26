/** Writes rows as other systems' exports hold them: CSV, lists and lines of JSON, Parquet, pages of an API. */
import { writeFile } from 'node:fs/promises';
import type { Engine } from '../../warehouse/engine.ts';
import { literal } from '../../warehouse/engine.ts';

export type ForeignRow = Record<string, unknown>;
export type Shape = 'csv' | 'tsv' | 'list' | 'pretty list' | 'lines' | 'parquet' | 'pages' | 'pretty page';

/** Objects and lists lie in a CSV as JSON. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvText(rows: readonly ForeignRow[], delimiter = ','): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((c) => cell(row[c])).join(delimiter));
  return `${[columns.join(delimiter), ...lines].join('\n')}\n`;
}

export const jsonLines = (rows: readonly unknown[]): string =>
  rows.map((r) => `${JSON.stringify(r)}\n`).join('');

/** @param pages the rows as the pages of an API hold them */
export async function writeForeign(
  engine: Engine,
  path: string,
  shape: Shape,
  rows: readonly ForeignRow[],
  pages: (rows: readonly ForeignRow[]) => unknown[] = (all) => [{ data: all }],
): Promise<string> {
  switch (shape) {
    case 'csv':
      await writeFile(path, csvText(rows));
      break;
    case 'tsv':
      await writeFile(path, csvText(rows, '\t'));
      break;
    case 'list':
      await writeFile(path, JSON.stringify(rows));
      break;
    case 'pretty list':
      await writeFile(path, JSON.stringify(rows, null, 2));
      break;
    case 'lines':
      await writeFile(path, jsonLines(rows));
      break;
    case 'pages':
      await writeFile(path, jsonLines(pages(rows)));
      break;
    case 'pretty page':
      await writeFile(
        path,
        pages(rows)
          .map((page) => JSON.stringify(page, null, '\t'))
          .join('\n'),
      );
      break;
    case 'parquet':
      await writeFile(`${path}.ndjson`, jsonLines(rows));
      await engine.run(
        `COPY (FROM read_json(${literal(`${path}.ndjson`)}, format = 'newline_delimited', sample_size = -1)) TO ${literal(path)} (FORMAT parquet)`,
      );
      break;
  }
  return path;
}
