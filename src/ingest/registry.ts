/** The doors, one line each. */
import { fileURLToPath } from 'node:url';
import type { LogDoor } from './door.ts';
import { LOG_DOORS } from './log-doors.ts';

/** A table's mapping is named, not read: what reads mappings need not be loaded for logs. */
export type Format =
  | { kind: 'log'; format: string; summary: string; endings: string[]; door: LogDoor }
  | { kind: 'table'; format: string; summary: string; endings: string[]; mapping: string }
  | { kind: 'mapped'; format: 'csv' | 'ndjson' | 'parquet'; summary: string; endings: string[] };

const packed = (...endings: string[]): string[] => endings.flatMap((e) => [e, `${e}.gz`, `${e}.zst`]);

const log = (door: LogDoor): Format => ({
  kind: 'log',
  format: door.format,
  summary: door.summary,
  endings: packed(...door.endings),
  door,
});

/** What a mapping of `format: any` reads. */
const ANY = ['.csv', '.tsv', '.json', '.jsonl', '.ndjson', '.parquet'];

const table = (format: string, summary: string, endings: readonly string[] = ['.csv']): Format => ({
  kind: 'table',
  format,
  summary,
  endings: packed(...endings),
  mapping: fileURLToPath(new URL(`./tabular/formats/${format}.yaml`, import.meta.url)),
});

export const FORMATS: readonly Format[] = [
  table('openrouter-activity', 'the activity CSV that OpenRouter exports'),
  table('openrouter-rankings', 'OpenRouter’s public daily rankings (CSV)'),
  table('openrouter-activity-api', 'OpenRouter’s activity by day, as its API gives it (JSON)', ANY),
  table('litellm', 'spend logs of a LiteLLM proxy (CSV, JSON, Parquet)', ANY),
  table('langfuse', 'observations of Langfuse (CSV, JSON, Parquet)', ANY),
  table('helicone', 'requests of Helicone (CSV, JSON, Parquet)', ANY),
  table('openai-usage', 'OpenAI’s usage report (JSON pages, CSV)', ANY),
  table('anthropic-usage', 'Anthropic’s usage report (JSON pages, CSV)', ANY),
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
