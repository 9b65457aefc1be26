/**
 * What each door let in and refused, for whoever wants to know whether a source still sends: one small file a process
 * and door below `datasets/<name>/doors/`, replaced at most once a second. Reasons are ours and hold nothing of a record.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, uniqueName, writeFileAtomic } from '../warehouse/files.ts';
import type { Layout } from '../warehouse/layout.ts';
import { addReason, blank, type DoorCounts, latest } from './door-counts.ts';
import { foldParts, REST_MS, readDoor } from './door-files.ts';

export type { DoorCounts } from './door-counts.ts';

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
  /** Name of the file that lists the rejects one by one. */
  rejectsFile?: string;
}

export interface DoorLog {
  /** Never throws, never waits. */
  note(door: string, note: DoorNote): void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

const WRITE_MS = 1000;

/** What this process counted at one door, and the file that has it. */
interface Part {
  counts: DoorCounts;
  file: string;
}

export function openDoorLog(layout: Layout): DoorLog {
  const parts = new Map<string, Part>();
  const changed = new Set<Part>();
  let timer: NodeJS.Timeout | null = null;
  const write = async () => {
    // A data directory that was taken away is not made anew.
    if (!existsSync(join(layout.root, '..', '..'))) return;
    const mine = [...changed];
    changed.clear();
    for (const [i, { counts, file }] of mine.entries()) {
      const directory = join(layout.doors, counts.door);
      try {
        await writeFileAtomic(join(directory, file), JSON.stringify(counts));
        await foldParts(directory, counts.door);
      } catch (error) {
        for (const part of mine.slice(i)) changed.add(part);
        throw error;
      }
    }
  };
  let writing: Promise<void> = Promise.resolve();
  let trouble: string | null = null;
  const writeAfter = () => {
    writing = writing.then(write).then(
      () => {
        trouble = null;
      },
      ({ message }: Error) => {
        if (trouble !== message) process.stderr.write(`Counting what came through the doors: ${message}\n`);
        trouble = message;
        // Nothing may come any more that would be a reason to write.
        soon();
      },
    );
    return writing;
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      void writeAfter();
    }, WRITE_MS).unref();
  };
  const partOf = (door: string): Part => {
    const known = parts.get(door);
    // One that rested may be folded soon: what is added to it later would be lost.
    if (known && Date.now() - known.counts.lastSeen < REST_MS) return known;
    const fresh = { counts: blank(door), file: `${process.pid}-${uniqueName()}.json` };
    parts.set(door, fresh);
    return fresh;
  };
  return {
    note(door, { accepted, duplicates = 0, ignored = 0, rejects = [], newest = null, rejectsFile }) {
      const part = partOf(door);
      const { counts } = part;
      counts.accepted += accepted;
      counts.duplicates += duplicates;
      counts.ignored += ignored;
      for (const reject of rejects) addReason(counts, reject);
      counts.newest = latest(counts.newest, newest);
      counts.lastSeen = Date.now();
      if (rejectsFile) counts.rejectsFile = rejectsFile;
      changed.add(part);
      soon();
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
    const sum = await readDoor(join(layout.doors, door), door);
    sum.reasons.sort((a, b) => b.count - a.count);
    doors.push(sum);
  }
  return doors;
}
