/** How the files of one import are read. */
import type { Ledger } from './ledger.ts';

export interface Progress {
  /** Bytes of the current file read so far. */
  bytes: number;
  rows?: number;
  fileDone?: boolean;
}

export interface ImportOptions {
  strict: boolean;
  replace: boolean;
  ledger: Ledger;
  /** Files may be written to at this moment. */
  growing: boolean;
  signal: AbortSignal | undefined;
  onProgress?(progress: Progress): void;
}

export interface TableOptions extends ImportOptions {
  /** The mapping is StateAI's own: one that has changed reads a file anew, and its fuller records stay. */
  isOwnMapping: boolean;
  pseudonymSql(kind: 'account' | 'session', expression: string): string;
}
