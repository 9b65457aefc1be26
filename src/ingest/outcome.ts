/** What became of one file, and what its door is told of it. A file that has grown is read again: only what is new counts. */
import type { Reject } from './door.ts';
import { countReasons } from './door-counts.ts';
import type { DoorNote } from './door-log.ts';
import type { LedgerEntry } from './ledger.ts';

export interface FileOutcome {
  path: string;
  /** Imported before, unchanged. */
  skipped: boolean;
  rows: number;
  duplicates: number;
  replaced: number;
  rejects: Reject[];
  rejected: number;
  /** `createdAt` of the newest record, milliseconds; null = none. */
  newest?: number | null;
  /** Rejects that an earlier reading of this file gave, when it was shorter. */
  rejectsBefore?: LedgerEntry['rejects'];
  ignoredBefore?: number;
  /** How many of the duplicates an earlier reading of the same files brought in. */
  readAgain?: number;
  /** Rows that the format has beside generations. */
  ignored?: number;
}

/** A file that gave nothing: it was imported before, unchanged. */
export const skippedOutcome = (path: string): FileOutcome => ({
  path,
  skipped: true,
  rows: 0,
  duplicates: 0,
  replaced: 0,
  rejects: [],
  rejected: 0,
});

/** null: nothing came through. */
export function noteOf(outcome: FileOutcome): DoorNote | null {
  if (outcome.skipped) return null;
  const { rows, duplicates, rejects, rejected, newest = null, rejectsBefore = [], readAgain = 0 } = outcome;
  const { ignored = 0, ignoredBefore = 0 } = outcome;
  const known = new Map(rejectsBefore.map((r) => [r.reason, r.count]));
  const reasons = countReasons(rejects);
  // Beyond a bound rejects are counted, not described.
  if (rejected > rejects.length) reasons.push({ reason: 'other', count: rejected - rejects.length });
  const fresh = reasons.map(({ reason, count }) => ({ reason, count: count - (known.get(reason) ?? 0) }));
  const note = {
    accepted: rows,
    duplicates: Math.max(0, duplicates - readAgain),
    ignored: Math.max(0, ignored - ignoredBefore),
    rejects: fresh.filter((r) => r.count > 0),
    newest,
  };
  return note.accepted + note.duplicates + note.ignored + note.rejects.length > 0 ? note : null;
}

/** The outcome without the rejects that an earlier reading of the file has told of. */
export function newOnly(outcome: FileOutcome): FileOutcome {
  const told = (outcome.rejectsBefore ?? []).reduce((sum, r) => sum + r.count, 0);
  if (told === 0) return outcome;
  const rejects = outcome.rejects.slice(told);
  return { ...outcome, rejects, rejected: Math.max(0, outcome.rejected - told) };
}
