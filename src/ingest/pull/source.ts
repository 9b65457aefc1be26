/**
 * What a source is: a system that is asked for its rows instead of a file that is read. It knows its API and nothing
 * of storage; its rows have the columns that the format's mapping names. One file a source, one line in `sources.ts`.
 */
export type Row = Record<string, unknown>;

/** What a fetch hands over at a time. */
export interface Page {
  rows: Row[];
  /** Every row before this time has been handed over, milliseconds; null: that cannot be said yet. */
  reached: number | null;
}

export interface FetchOptions {
  url: URL;
  /** What opens the source, as `credentials` read it. */
  key: string;
  /** Milliseconds; null: everything that is there. */
  since: number | null;
  /** The run's own now: rows from then on are the next run's. */
  until: number;
  /** Columns and paths that the mapping reads: nothing else needs to be asked for. */
  columns: readonly string[];
  runtime: Runtime;
}

/** What a source may use of the world; tests bring their own. */
export interface Runtime {
  env: NodeJS.ProcessEnv;
  now(): number;
  /** Rejects when `signal` aborts. */
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
  /** Told before a wait, in words for a person. */
  onWait(ms: number, why: string): void;
}

export interface PullSource {
  /** Its name on the command line, and the format whose mapping reads its rows … */
  format: string;
  /** … unless that is another one: what is fetched has other columns than the files of the same name. */
  rowsAs?: string;
  /** Protocols of its URLs, with the colon. */
  protocols: readonly string[];
  /** An example for messages. */
  example: string;
  /** Where a first run without `since` begins, milliseconds before now; null: with the oldest row. */
  firstRun: number | null;
  /** The source keeps no more than this, milliseconds; null: it keeps everything. */
  keeps: number | null;
  /** A run that continues begins so much before the place where the last one stopped: rows come late, buckets grow. */
  overlap: number;
  /** What opens the source. @throws `no_key` naming the variable and where to get the key */
  credentials(env: NodeJS.ProcessEnv, url: URL): string;
  /** Tells sources at one URL apart. Hashed before it is stored; the key by default. */
  identity?(env: NodeJS.ProcessEnv, url: URL): string;
  fetch(options: FetchOptions): AsyncIterable<Page>;
}

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
