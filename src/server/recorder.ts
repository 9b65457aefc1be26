/**
 * Takes the gateway's records into the journal, off the response path. While the disk does not take them they wait in
 * memory, up to a bound; what goes beyond it is lost and counted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { explain } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';

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
}

/** About 100 MB. */
const MOST_WAITING = 200_000;
const BATCH = 2000;
const RETRY_MS = 1000;
/** Records of this long travel to the disk together. */
const GATHER_MS = 5;

export function createRecorder(append: (records: readonly Generation[]) => Promise<void>): Recorder {
  let waiting: Generation[] = [];
  let lost = 0;
  let trouble: string | null = null;
  let writing: Promise<void> | null = null;

  const write = async () => {
    await sleep(GATHER_MS);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await append(batch);
        waiting = waiting.slice(batch.length);
        trouble = null;
      } catch (error) {
        const { message } = explain(error, 'Recording generations');
        if (trouble !== message) process.stderr.write(`${message}; records wait in memory.\n`);
        trouble = message;
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    writing = null;
  };

  return {
    record(generation) {
      if (waiting.length >= MOST_WAITING) {
        lost++;
        return;
      }
      waiting.push(generation);
      writing ??= write();
    },
    waiting: () => waiting.length,
    lost: () => lost,
    trouble: () => trouble,
    async flush(mostMs = 10_000) {
      await Promise.race([writing, sleep(mostMs, undefined, { ref: false })]);
    },
  };
}
