/** The doors, one line each. */
import { readFileSync } from 'node:fs';
import type { LogDoor } from './door.ts';
import { LOG_DOORS } from './log-doors.ts';
import { type Mapping, parseMapping } from './tabular/mapping.ts';

export type Format =
  | { kind: 'log'; format: string; summary: string; endings: string[]; door: LogDoor }
  | { kind: 'table'; format: string; summary: string; endings: string[]; mapping(): Mapping }
  | { kind: 'mapped'; format: 'csv' | 'ndjson' | 'parquet'; summary: string; endings: string[] };

const packed = (...endings: string[]): string[] => endings.flatMap((e) => [e, `${e}.gz`, `${e}.zst`]);

const log = (door: LogDoor): Format => ({
  kind: 'log',
  format: door.format,
  summary: door.summary,
  endings: packed(...door.endings),
  door,
});

const table = (format: string, summary: string): Format => ({
  kind: 'table',
  format,
  summary,
  endings: packed('.csv'),
  mapping() {
    const file = new URL(`./tabular/formats/${format}.yaml`, import.meta.url);
    return parseMapping(readFileSync(file, 'utf8'), `${format}.yaml`);
  },
});

export const FORMATS: readonly Format[] = [
  table('openrouter-activity', 'the activity CSV that OpenRouter exports'),
  table('openrouter-rankings', 'OpenRouter’s public daily rankings (CSV)'),
  ...LOG_DOORS.map(log),
  { kind: 'mapped', format: 'csv', summary: 'any CSV, with --mapping', endings: packed('.csv', '.tsv') },
  {
    kind: 'mapped',
    format: 'ndjson',
    summary: 'any JSON lines, with --mapping',
    endings: packed('.ndjson', '.jsonl', '.json'),
  },
  { kind: 'mapped', format: 'parquet', summary: 'any Parquet, with --mapping', endings: ['.parquet'] },
];
