/**
 * What a watch knows between its runs: what has been read, and which files failed. A failing file is told once and tried
 * again when it changes, or later and later; the others go on. One that is still being written has not failed yet.
 */
import { stat } from 'node:fs/promises';
import type { StateaiError } from '../generation/errors.ts';
import type { Ledger } from './ledger.ts';

/** A file that nobody wrote to for so long is whole, whatever its last line looks like. */
export const QUIET_MS = 60_000;
const FIRST_AGAIN_MS = 60_000;
const LAST_AGAIN_MS = 3_600_000;

export interface Following {
  ledger: Ledger;
  /** Not one that failed, until it changes or it is time to try it again. */
  wanted(path: string): Promise<boolean>;
  /** Answers whether to tell of it. */
  failed(path: string, error: StateaiError): Promise<boolean>;
  /** It was read, or is no more. */
  forget(path: string): void;
  /** Of errors that a run met before any file, those that the run before did not meet. */
  news(errors: readonly StateaiError[]): StateaiError[];
  /** The newest of the failures that last; null = none. */
  trouble(): string | null;
}

interface Failed {
  message: string;
  size: number;
  mtimeMs: number;
  times: number;
  /** When it is tried again. */
  again: number;
}

export function openFollowing(ledger: Ledger, now: () => number = Date.now): Following {
  const failures = new Map<string, Failed>();
  let lasting: string[] = [];
  return {
    ledger,
    async wanted(path) {
      const before = failures.get(path);
      if (!before) return true;
      const info = await stat(path).catch(() => null);
      if (!info) failures.delete(path);
      return (
        info !== null &&
        (info.size !== before.size || info.mtimeMs !== before.mtimeMs || now() >= before.again)
      );
    },
    async failed(path, error) {
      const info = await stat(path).catch(() => null);
      // Deleted, moved away or rotated while it was read: what it held comes under its new name, or is gone.
      if (!info) {
        failures.delete(path);
        return false;
      }
      const before = failures.get(path);
      const times = (before?.times ?? 0) + 1;
      const rest = Math.min(FIRST_AGAIN_MS * 2 ** (times - 1), LAST_AGAIN_MS);
      if (now() - info.mtimeMs < QUIET_MS) return false;
      failures.set(path, {
        message: error.message,
        size: info.size,
        mtimeMs: info.mtimeMs,
        times,
        again: now() + rest,
      });
      return before?.message !== error.message;
    },
    forget: (path) => void failures.delete(path),
    news(errors) {
      const known = lasting;
      lasting = errors.map((e) => e.message);
      return errors.filter((e) => !known.includes(e.message));
    },
    trouble: () => lasting.at(-1) ?? [...failures.values()].at(-1)?.message ?? null,
  };
}
