/**
 * What running watches tell of themselves: one small file each below `datasets/<name>/watches/`, renewed while it runs.
 * One that is not renewed any more has stopped without saying so.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ageOf, namesIn, uniqueName, writeFileAtomic } from '../warehouse/files.ts';
import type { Layout } from '../warehouse/layout.ts';

export interface WatchState {
  /** The format that is watched. */
  door: string;
  /** What is watched, as the user gave it. */
  paths: string[];
  everyMs: number;
  startedAt: number;
  /** When it last said that it runs, milliseconds. */
  beatAt: number;
  runs: number;
  lastRunAt: number | null;
  /** The last run that brought something. */
  lastBrought: { at: number; rows: number } | null;
  /** Why the last run failed; null: it did not. */
  lastError: { at: number; message: string } | null;
}

export interface Watch extends WatchState {
  running: boolean;
}

const BEAT_MS = 10_000;
/** Without a sign for so long it is taken for stopped. */
const STALE_MS = 45_000;
/** Stopped ones are shown for so long. */
const FORGET_MS = 3 * 86_400_000;

export interface Heartbeat {
  /** Takes over changes and writes them. Never throws. */
  tell(change: Partial<WatchState>): Promise<void>;
  /** The watch has ended as it should: nothing is left of it. */
  end(): Promise<void>;
}

export function startHeartbeat(
  layout: Layout,
  given: Pick<WatchState, 'door' | 'paths' | 'everyMs'>,
): Heartbeat {
  const path = join(layout.watches, `${process.pid}-${uniqueName()}.json`);
  const state: WatchState = {
    ...given,
    startedAt: Date.now(),
    beatAt: Date.now(),
    runs: 0,
    lastRunAt: null,
    lastBrought: null,
    lastError: null,
  };
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    writing = writing.then(async () => {
      state.beatAt = Date.now();
      // A full disk stops the imports too, and they say so.
      await writeFileAtomic(path, JSON.stringify(state)).catch(() => undefined);
    });
    return writing;
  };
  const timer = setInterval(write, BEAT_MS).unref();
  // Old ones may belong to another user.
  forgetOld(layout).catch(() => undefined);
  forgetKilled(layout, given).catch(() => undefined);
  void write();
  return {
    tell(change) {
      Object.assign(state, change);
      return write();
    },
    async end() {
      clearInterval(timer);
      await writing;
      await rm(path, { force: true });
      await forgetKilled(layout, given);
    },
  };
}

/** All watches of a dataset that run, and those that stopped without saying so and were not begun again. */
export async function readWatches(layout: Layout, now = Date.now()): Promise<Watch[]> {
  const watches: Watch[] = [];
  for (const name of await namesIn(layout.watches)) {
    if (!name.endsWith('.json')) continue;
    const state = await stateIn(join(layout.watches, name));
    if (state && now - state.beatAt < FORGET_MS)
      watches.push({ ...state, running: now - state.beatAt < STALE_MS });
  }
  const isAgain = (w: Watch) =>
    watches.some((other) => other.running && other.startedAt > w.startedAt && areSame(other, w));
  return watches.filter((w) => w.running || !isAgain(w)).sort((a, b) => b.startedAt - a.startedAt);
}

type Watched = Pick<WatchState, 'door' | 'paths'>;
const areSame = (a: Watched, b: Watched): boolean =>
  a.door === b.door && a.paths.join('\n') === b.paths.join('\n');

/** What was watched here is watched again, or was: one that was killed before is no news. */
async function forgetKilled(layout: Layout, given: Watched): Promise<void> {
  for (const name of await namesIn(layout.watches)) {
    const path = join(layout.watches, name);
    const state = await stateIn(path);
    if (state && Date.now() - state.beatAt >= STALE_MS && areSame(state, given))
      await rm(path, { force: true });
  }
}

const stateIn = (path: string): Promise<WatchState | null> =>
  readFile(path, 'utf8')
    .then((text) => JSON.parse(text) as WatchState)
    .catch(() => null);

async function forgetOld(layout: Layout): Promise<void> {
  for (const name of await namesIn(layout.watches)) {
    const path = join(layout.watches, name);
    if ((await ageOf(path)) > FORGET_MS) await rm(path, { force: true });
  }
}
