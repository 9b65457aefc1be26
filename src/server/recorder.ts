/**
 * Takes the gateway's records into the journal, off the response path. A record is handed to the kernel in the turn of
 * the event loop in which it is complete, so that a killed process loses only what it had not come to; it is on the disk
 * soon after. While the disk does not take them, records wait in memory, up to a bound; what goes beyond it is lost and
 * counted.
 */
import { setTimeout as timer } from 'node:timers/promises';
import { explain } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { RESTED_MS, SEGMENT_BYTES, type Segment } from '../warehouse/segment.ts';

export interface Recorder {
  /** Never throws, never waits. */
  record(generation: Generation): void;
  /** Records that are not on the disk yet. */
  waiting(): number;
  lost(): number;
  /** What keeps records from the disk; null = nothing. */
  trouble(): string | null;
  /** Resolves when all are on the disk, or no way is found for `mostMs`. */
  flush(mostMs?: number): Promise<void>;
  /** To be called when nothing comes any more. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  open(): Promise<Segment>;
  /** Records are on the disk. @param newest `createdAt` of the newest */
  stored(count: number, newest: number): void;
  /** Of milliseconds; for tests. */
  now?(): number;
  sleep?(ms: number): Promise<unknown>;
}

/** About 200 MB. */
const MOST_WAITING = 200_000;
const RETRY_MS = 1000;
/** What a machine may lose that loses its power: records of this long and of one `fdatasync`. */
const SYNC_MS = 100;
/**
 * A disk that takes longer for so many writes in a row is written to beside the event loop for a while. One write that
 * takes long says nothing of the disk: the process may have waited for a processor.
 */
const SLOW_WRITE_MS = 10;
const SLOW_WRITES = 3;
const SLOW_FOR_MS = 1000;

/** As much as goes into one write. */
const BATCH_BYTES = 8 << 20;

/** Lines on their way. They are kept until they are known to be on the disk. */
interface Lines {
  bytes: Buffer;
  count: number;
  newest: number;
}
interface File {
  segment: Segment;
  /** Written, not known to be on the disk. */
  lines: Lines[];
  /** Bytes that are on the disk. */
  synced: number;
}

export function createRecorder({
  open,
  stored,
  now = () => performance.now(),
  sleep = timer,
}: RecorderOptions): Recorder {
  /** Complete, not yet lines. */
  let fresh: Generation[] = [];
  /** Not taken by a file, or taken back from one that failed. */
  let held: Lines[] = [];
  let current: File | null = null;
  /** Full; closed as soon as they are on the disk. */
  let full: File[] = [];
  let waiting = 0;
  let lost = 0;
  let trouble: string | null = null;
  let slowUntil = 0;
  let slowInRow = 0;
  let lastWrite = 0;
  let isDue = false;
  let writing: Promise<void> | null = null;
  let syncing: Promise<void> | null = null;

  const takeFresh = () => {
    if (fresh.length === 0) return;
    let text = '';
    let newest = 0;
    for (const record of fresh) {
      text += `${JSON.stringify(record)}\n`;
      newest = Math.max(newest, record.createdAt);
    }
    held.push({ bytes: Buffer.from(text), count: fresh.length, newest });
    fresh = [];
  };

  const wrote = (to: File, lines: readonly Lines[]) => {
    to.lines.push(...lines);
    // What was taken back from another file meanwhile stands in front of them.
    const gone = new Set(lines);
    held = held.filter((each) => !gone.has(each));
    lastWrite = now();
    syncing ??= syncAll();
  };

  /** The file of now, unless it is time for another one. */
  const usable = (): File | null => {
    if (current === null) return null;
    const isIdle = current.lines.length === 0 && now() - lastWrite > RESTED_MS;
    if (!isIdle && current.segment.bytes < SEGMENT_BYTES) return current;
    if (current.lines.length > 0) full.push(current);
    else void current.segment.close().catch(() => undefined);
    current = null;
    return null;
  };

  /** The file is of no use any more: what is not on the disk is to be written again, into another one. */
  const giveUp = async (failed: File | null, error: unknown) => {
    if (failed === current) current = null;
    full = full.filter((file) => file !== failed);
    // Taken out of it: whoever writes to it at this moment comes here with the same file.
    if (failed) held.unshift(...failed.lines.splice(0));
    const { message } = explain(error, 'Recording generations');
    if (trouble !== message) process.stderr.write(`${message}; records wait in memory.\n`);
    trouble = message;
    await failed?.segment.endAt(failed.synced);
  };

  /** Beside the event loop: opens a file, or writes to a slow disk, until nothing waits. */
  const writeAll = async () => {
    // It ends within this turn where nothing is left to write: who called it must have noted first that it runs.
    await null;
    while (held.length > 0 || fresh.length > 0) {
      if (trouble !== null) await sleep(RETRY_MS);
      let to = usable();
      try {
        to ??= { segment: await open(), lines: [], synced: 0 };
        current = to;
        takeFresh();
        const lines = batchOf(held);
        await to.segment.write(Buffer.concat(lines.map((l) => l.bytes)));
        // Unless it failed meanwhile, and was cut off.
        if (to === current) wrote(to, lines);
        if (trouble !== null) await syncing;
      } catch (error) {
        await giveUp(to, error);
      }
    }
    writing = null;
  };

  /** Within the turn, into the file that is open. */
  const write = () => {
    isDue = false;
    if (writing || fresh.length === 0) return;
    const to = usable();
    const begun = now();
    if (to === null || begun < slowUntil) {
      writing = writeAll();
      return;
    }
    takeFresh();
    try {
      for (const { bytes } of held) to.segment.writeNow(bytes);
      wrote(to, held);
      slowInRow = now() - begun > SLOW_WRITE_MS ? slowInRow + 1 : 0;
      if (slowInRow >= SLOW_WRITES) slowUntil = begun + SLOW_FOR_MS;
    } catch (error) {
      writing = giveUp(to, error).then(writeAll);
    }
  };

  const sync = async (file: File) => {
    const [{ bytes }, count] = [file.segment, file.lines.length];
    try {
      await file.segment.sync();
    } catch (error) {
      // Who writes to it may have noticed first.
      if (file !== current && !full.includes(file)) return;
      await giveUp(file, error);
      writing ??= writeAll();
      return;
    }
    if (file !== current && !full.includes(file)) return;
    file.synced = bytes;
    trouble = null;
    for (const done of file.lines.splice(0, count)) {
      waiting -= done.count;
      stored(done.count, done.newest);
    }
    if (file === current || file.lines.length > 0) return;
    full = full.filter((f) => f !== file);
    await file.segment.close().catch(() => undefined);
  };

  const syncAll = async () => {
    const unsynced = () => [...full, ...(current ? [current] : [])].filter((file) => file.lines.length > 0);
    while (unsynced().length > 0) {
      if (trouble === null) await sleep(SYNC_MS);
      for (const file of unsynced()) await sync(file);
    }
    syncing = null;
  };

  return {
    record(generation) {
      if (waiting >= MOST_WAITING) {
        lost++;
        return;
      }
      waiting++;
      fresh.push(generation);
      if (isDue) return;
      isDue = true;
      queueMicrotask(write);
    },
    waiting: () => waiting,
    lost: () => lost,
    trouble: () => trouble,
    async flush(mostMs = 10_000) {
      const until = performance.now() + mostMs;
      while (waiting > 0 && performance.now() < until) {
        const pause = sleep(Math.min(100, until - performance.now()));
        await Promise.race([writing ?? syncing ?? pause, pause]);
      }
    },
    async close() {
      const last = current;
      current = null;
      await last?.segment.close().catch(() => undefined);
    },
  };
}

function batchOf(held: readonly Lines[]): Lines[] {
  let bytes = 0;
  const more = held.findIndex((lines) => {
    bytes += lines.bytes.length;
    return bytes > BATCH_BYTES;
  });
  return more < 0 ? [...held] : held.slice(0, Math.max(1, more));
}
