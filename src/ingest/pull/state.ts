/**
 * How far each source has been read into a dataset: one small file a source below `datasets/<name>/sources/`. It names
 * the source without its secrets. What it covers has no gap, so a run without `--since` can continue at its end.
 */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../warehouse/files.ts';
import type { Layout } from '../../warehouse/layout.ts';

export interface SourceState {
  format: string;
  /** URL without user, password and query. */
  source: string;
  /** Covered from, milliseconds; null: from the oldest row. */
  from: number | null;
  /** Covered to, milliseconds. */
  reached: number;
  /** When a run last read the source, milliseconds. */
  at: number;
  /** The newest rows (see `seen-rows.ts`). */
  seen?: string;
}

/** @param identity tells sources at one URL apart; only its keyed hash is stored */
export function sourceStatePath(
  layout: Layout,
  secret: string,
  source: { format: string; name: string; identity: string },
): string {
  const text = JSON.stringify([source.format, source.name, source.identity]);
  const hash = createHmac('sha256', `${secret} source`).update(text).digest('hex').slice(0, 16);
  return join(layout.sources, `${source.format}-${hash}.json`);
}

/** null: never read, or the file is damaged: the source is then read anew, which changes nothing that is there. */
export async function readSourceState(path: string): Promise<SourceState | null> {
  try {
    const state = JSON.parse(await readFile(path, 'utf8')) as Partial<SourceState>;
    const fromIsRight = state.from === null || Number.isFinite(state.from);
    return Number.isFinite(state.reached) && fromIsRight ? (state as SourceState) : null;
  } catch {
    return null;
  }
}

export const writeSourceState = (path: string, state: SourceState): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(state)}\n`);

/**
 * What is covered after a run that read from `from` to `reached`. A run that does not touch what is covered already
 * leaves it as it is: otherwise the gap between the two would never be read.
 * @param now what is said to be covered beyond it was noted while the clock was wrong
 */
export function extendState(
  noted: Pick<SourceState, 'from' | 'reached'> | null,
  run: { from: number | null; reached: number },
  now = Number.POSITIVE_INFINITY,
): { from: number | null; reached: number } {
  if (!noted) return run;
  const known = { ...noted, reached: Math.min(noted.reached, now) };
  const runFrom = run.from ?? Number.NEGATIVE_INFINITY;
  const knownFrom = known.from ?? Number.NEGATIVE_INFINITY;
  if (runFrom > known.reached || run.reached < knownFrom) return { from: known.from, reached: known.reached };
  return {
    from: runFrom < knownFrom ? run.from : known.from,
    reached: Math.max(known.reached, run.reached),
  };
}
