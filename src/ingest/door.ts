/**
 * What a door is: it turns one foreign format into records, and says of every row it cannot use where and why.
 * A door knows its format and nothing of storage. One file per format, one line in `registry.ts`.
 */
import type { Generation } from '../generation/generation.ts';
import type { BeginReading } from './log-reader.ts';

/** A field of the record, or `timeOfDay` where times are not whole days. */
export type DoorField = keyof Generation | 'timeOfDay';

/** What every agent's log tells of its generations. */
export const AGENT_FIELDS: readonly DoorField[] = [
  'id',
  'createdAt',
  'timeOfDay',
  'requests',
  'app',
  'session',
  'model',
  'variant',
  'promptTokens',
  'completionTokens',
  'totalTokens',
  'reasoningTokens',
  'cachedTokens',
  'source',
];

/** A row that cannot be used. `line` counts from 1. */
export interface Reject {
  file: string;
  line: number;
  /** Names the row of a source that was fetched, where nobody can look up a line. */
  row?: string;
  reason: string;
}

export type DoorItem = { generation: Generation; line: number } | { reject: Reject };

/** What a door may use: it must hash every user and session name before it lets it through. */
export interface DoorContext {
  /** Keyed hash of an account-like name; stable within a workspace. */
  hashAccount(name: string): string;
  hashSession(name: string): string;
}

/** A line without its newline. `marked`: it is known to hold one of the door's markers. */
export interface LogLine {
  text: string;
  line: number;
  /** The byte that it begins at, where that is known. */
  at?: number;
  marked?: boolean;
}

/**
 * Reads one file's lines (already decompressed, UTF-8, without newline) and yields records and rejects.
 * Lines that are not usage (prompts, tool output) are skipped without a word; broken JSON and impossible numbers
 * are rejects. Must not keep any text of a line in what it yields: strings are copied, never sliced.
 */
export type ReadLines = (
  file: string,
  lines: AsyncIterable<LogLine>,
  context: DoorContext,
) => AsyncIterable<DoorItem>;

/** A door that reads log files made of lines (JSONL), such as an agent's session logs: as a whole, or line by line. */
export type LogDoor = LogFiles & (WholeFiles | GrowingFiles);

interface WholeFiles {
  read: ReadLines;
  begin?: undefined;
}

/** Plain files that have grown are read on from where the last reading stopped. */
interface GrowingFiles {
  read?: undefined;
  begin: BeginReading;
}

interface LogFiles {
  format: string;
  summary: string;
  /** Fields that its records can state. */
  has: readonly DoorField[];
  /** Endings of its files within a directory, unpacked; the same with .gz and .zst count too. */
  endings: readonly string[];
  /** Where an ending does not tell its files from others: whether this one, within a directory, is a log. By its unpacked name. */
  isLog?(path: string): boolean;
  /** Directories under the user's home where the logs usually lie; env is passed in so tests can set it. */
  homes(env: NodeJS.ProcessEnv, home: string): string[];
  /**
   * JSON strings with their quotes, such as `"usage"`. If given, lines without one need not reach the door: most of a
   * log is conversation, and is then never made into a string.
   */
  markers?: readonly string[];
  /**
   * For files that are no text, such as a database: reads the file itself, each time anew as its size and time need not
   * tell that it changed. null: the file has lines.
   */
  open?(file: string, context: DoorContext): AsyncIterable<DoorItem> | null;
}
