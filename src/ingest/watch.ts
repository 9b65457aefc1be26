/**
 * A watch: one run after another until it is told to stop. A run that fails is told and tried again, later each time;
 * marts are brought up to date in proportion to what came in.
 */
import { type FSWatcher, watch as watchPath } from 'node:fs';
import { explain, type StateaiError } from '../generation/errors.ts';
import type { Heartbeat } from './watch-state.ts';

/** What a run brought. */
export interface WatchRun {
  rows: number;
  replaced: number;
  rejected: number;
  rejectsFile: string | null;
  /** What went wrong and is to be told. */
  failures: readonly StateaiError[];
  /** What still is wrong, told or not; null = nothing. */
  trouble: string | null;
  /** The run as a whole failed: the next one waits longer. */
  failed: boolean;
}

export interface WatchOptions {
  everyMs: number;
  /** Ends the watch. */
  signal: AbortSignal;
  heartbeat: Heartbeat;
  run(): Promise<WatchRun>;
  /** Brings the marts up to date. */
  settle(): Promise<unknown>;
  /** Called for each run that brought something or failed. */
  tell(run: WatchRun): void;
  /** Directories and files whose changes start a run early, where the system tells of them. */
  hints?: readonly string[];
  /** Errors of the first run that are the user's own end the watch. */
  isBadUse?(error: StateaiError): boolean;
}

const LONGEST_WAIT_MS = 10 * 60_000;
/** Marts rest so many times as long as building them took. */
const REST = 3;
/** Changes that come together are read together. */
const GATHER_MS = 300;

/** Resolves when the signal has ended it. @throws what the user has to mend before there can be any run */
export async function watch(options: WatchOptions): Promise<void> {
  const { signal, heartbeat } = options;
  const bell = openBell(options.hints ?? [], signal);
  const marts = openMarts(options);
  let [runs, failures, shown] = [0, 0, ''];
  try {
    while (!signal.aborted) {
      const began = Date.now();
      const result = await oneRun(options, runs === 0);
      if (signal.aborted && result.failed) break;
      runs++;
      failures = result.failed ? failures + 1 : 0;
      const message = result.trouble ?? '';
      const isNews = message !== '' && message !== shown;
      shown = message;
      if (result.rows + result.replaced + result.rejected > 0 || result.failures.length > 0 || isNews)
        options.tell(result);
      if (result.rows + result.replaced > 0) marts.stale();
      await heartbeat.tell({
        runs,
        lastRunAt: began,
        lastError: message === '' ? null : { at: began, message },
        ...(result.rows > 0 ? { lastBrought: { at: began, rows: result.rows } } : {}),
      });
      await marts.settleInTurn();
      const wait = Math.min(options.everyMs * 2 ** Math.min(failures, 20), LONGEST_WAIT_MS);
      const longest = Math.min(Math.max(wait, options.everyMs), marts.dueIn());
      // A run that takes long is not begun again and again by every line that is written meanwhile.
      await bell.wait(longest, failures > 0 ? longest : Math.max(GATHER_MS, 2 * (Date.now() - began)));
    }
  } finally {
    bell.close();
  }
}

async function oneRun(options: WatchOptions, isFirst: boolean): Promise<WatchRun> {
  try {
    return await options.run();
  } catch (thrown) {
    const error = explain(thrown, 'Watching');
    if (isFirst && options.isBadUse?.(error)) throw error;
    return failedRun(error);
  }
}

/** A run that brought nothing. */
const failedRun = ({ message }: StateaiError): WatchRun => ({
  rows: 0,
  replaced: 0,
  rejected: 0,
  rejectsFile: null,
  failures: [],
  trouble: message,
  failed: true,
});

function openMarts({ settle, tell }: WatchOptions) {
  let [isStale, due] = [false, 0];
  return {
    stale() {
      isStale = true;
    },
    /** Milliseconds until the marts are to be built; Infinity when they are as they should be. */
    dueIn: () => (isStale ? Math.max(0, due - Date.now()) : Number.POSITIVE_INFINITY),
    async settleInTurn() {
      if (!isStale || Date.now() < due) return;
      const began = Date.now();
      try {
        await settle();
        isStale = false;
      } catch (error) {
        tell(failedRun(explain(error, 'Bringing the marts up to date')));
      }
      due = Date.now() + Math.max(1000, REST * (Date.now() - began));
    },
  };
}

/** Waits for a time, a change or the end, whichever comes first. */
function openBell(paths: readonly string[], signal: AbortSignal) {
  let rung = false;
  let wake: () => void = () => undefined;
  const ring = () => {
    rung = true;
    wake();
  };
  const watchers = paths.flatMap((path): FSWatcher[] => {
    try {
      // Not every system and disk can tell; then the clock alone does.
      const watcher = watchPath(path, { recursive: true }, ring);
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  });
  const pause = (ms: number, until: (resolve: () => void) => void) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
      signal.addEventListener('abort', end);
      until(end);
      if (signal.aborted) end();
    });
  return {
    /** @param atLeast changes do not end it before */
    async wait(longest: number, atLeast: number): Promise<void> {
      const least = Math.min(longest, atLeast);
      await pause(least, () => undefined);
      if (!signal.aborted && !rung)
        await pause(longest - least, (resolve) => {
          wake = resolve;
        });
      wake = () => undefined;
      rung = false;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
