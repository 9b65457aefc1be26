/** What a file's import tells its door. A file that has grown is read again from its beginning: only what is new counts. */
import { countReasons } from './door-counts.ts';
import type { DoorNote } from './door-log.ts';
import type { FileOutcome } from './import.ts';

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
