/**
 * What each door let in and refused, for whoever wants to know whether a source still sends: one small file a process
 * and door below `datasets/<name>/doors/`, replaced at most once a second. Reasons are ours and hold nothing of a record.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, uniqueName, writeFileAtomic } from '../warehouse/files.ts';
import type { Layout } from '../warehouse/layout.ts';

/** What happened since the last note. */
export interface DoorNote {
  accepted: number;
  /** Already there. */
  duplicates?: number;
  /** No generations: spans of other kinds, roll-ups, rows of other types. */
  ignored?: number;
  rejects?: readonly { reason: string; count: number }[];
  /** `createdAt` of the newest record; null = none. */
  newest?: number | null;
}

export interface DoorCounts {
  door: string;
  accepted: number;
  duplicates: number;
  ignored: number;
  rejected: number;
  /** Most frequent first. */
  reasons: { reason: string; count: number }[];
  /** `createdAt` of the newest record, milliseconds; null = none yet. */
  newest: number | null;
  /** When something last came through this door, milliseconds. */
  lastSeen: number;
}

export interface DoorLog {
  /** Never throws, never waits. */
  note(door: string, note: DoorNote): void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

const WRITE_MS = 1000;
/** Reasons kept apart a door; what comes beyond is counted as `other`. */
const MOST_REASONS = 100;

export function openDoorLog(layout: Layout): DoorLog {
  const doors = new Map<string, DoorCounts>();
  const changed = new Set<string>();
  const mine = `${process.pid}-${uniqueName()}.json`;
  let timer: NodeJS.Timeout | null = null;
  const write = async () => {
    const names = [...changed];
    changed.clear();
    for (const name of names) {
      const counts = doors.get(name);
      if (counts) await writeFileAtomic(join(layout.doors, name, mine), JSON.stringify(counts));
    }
  };
  let writing: Promise<void> = Promise.resolve();
  const writeAfter = () => {
    writing = writing.then(write).catch((error: Error) => {
      process.stderr.write(`Counting what came through the doors: ${error.message}\n`);
    });
    return writing;
  };
  return {
    note(door, { accepted, duplicates = 0, ignored = 0, rejects = [], newest = null }) {
      const counts = doors.get(door) ?? blank(door);
      doors.set(door, counts);
      counts.accepted += accepted;
      counts.duplicates += duplicates;
      counts.ignored += ignored;
      for (const reject of rejects) addReason(counts, reject);
      counts.newest = latest(counts.newest, newest);
      counts.lastSeen = Date.now();
      changed.add(door);
      timer ??= setTimeout(() => {
        timer = null;
        void writeAfter();
      }, WRITE_MS).unref();
    },
    flush() {
      if (timer) clearTimeout(timer);
      timer = null;
      return writeAfter();
    },
  };
}

/** Every door of a dataset, over all processes that ever wrote. */
export async function readDoorCounts(layout: Layout): Promise<DoorCounts[]> {
  const doors: DoorCounts[] = [];
  for (const door of (await namesIn(layout.doors)).sort()) {
    const sum = blank(door);
    for (const name of await namesIn(join(layout.doors, door))) {
      if (!name.endsWith('.json')) continue;
      const part = await readFile(join(layout.doors, door, name), 'utf8')
        .then((text) => JSON.parse(text) as DoorCounts)
        .catch(() => null);
      if (!part) continue;
      sum.accepted += part.accepted;
      sum.duplicates += part.duplicates;
      sum.ignored += part.ignored;
      for (const reject of part.reasons) addReason(sum, reject);
      sum.newest = latest(sum.newest, part.newest);
      sum.lastSeen = Math.max(sum.lastSeen, part.lastSeen);
    }
    sum.reasons.sort((a, b) => b.count - a.count);
    doors.push(sum);
  }
  return doors;
}

const blank = (door: string): DoorCounts => ({
  door,
  accepted: 0,
  duplicates: 0,
  ignored: 0,
  rejected: 0,
  reasons: [],
  newest: null,
  lastSeen: 0,
});

const latest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

function addReason(counts: DoorCounts, { reason, count }: { reason: string; count: number }): void {
  counts.rejected += count;
  const known = counts.reasons.find((r) => r.reason === reason);
  if (known) known.count += count;
  else if (counts.reasons.length < MOST_REASONS) counts.reasons.push({ reason, count });
  else addOther(counts, count);
}

function addOther(counts: DoorCounts, count: number): void {
  const other = counts.reasons.find((r) => r.reason === 'other');
  if (other) other.count += count;
  else counts.reasons.push({ reason: 'other', count });
}
