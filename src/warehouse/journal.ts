/**
 * The journal: where records wait, safely, for the lake. Append, flush to the disk (one `fdatasync` for all that came
 * in meanwhile), only then acknowledge. A segment belongs to one process and is written once, front to back.
 */
import { mkdir } from 'node:fs/promises';
import { explain, StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import type { Layout } from './layout.ts';
import { openSegment, RESTED_MS, SEGMENT_BYTES, type Segment } from './segment.ts';

/** Records that wait for the disk; beyond this an append is refused rather than memory filled. */
const MOST_WAITING_BYTES = 64 << 20;

export interface Journal {
  /** Resolves when the records are on the disk. @throws `disk_full` …, `overloaded`; then none of them is acknowledged */
  append(records: readonly Generation[]): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  text: string;
  bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

export async function openJournal(layout: Layout): Promise<Journal> {
  await mkdir(layout.journal, { recursive: true });
  let segment: Segment | null = null;
  let writtenAt = 0;
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let flushing: Promise<void> | null = null;
  let closed = false;

  const retire = async () => {
    await segment?.close().catch(() => undefined);
    segment = null;
  };

  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      waitingBytes = 0;
      const buffer = Buffer.from(batch.map((w) => w.text).join(''));
      if (Date.now() - writtenAt > RESTED_MS) await retire();
      writtenAt = Date.now();
      const start = segment?.bytes ?? 0;
      try {
        segment ??= await openSegment(layout);
        await segment.write(buffer);
        await segment.sync();
        for (const w of batch) w.resolve();
        if (segment.bytes >= SEGMENT_BYTES) await retire();
      } catch (error) {
        // What reached the file was never acknowledged: cut it off, and begin another segment.
        await segment?.endAt(start);
        segment = null;
        for (const w of batch) w.reject(explain(error, 'Writing the journal'));
      }
    }
    flushing = null;
  };

  return {
    append(records) {
      if (closed) return Promise.reject(new StateaiError('closed', 'The journal is closed', 'Try again.'));
      if (records.length === 0) return Promise.resolve();
      const text = `${records.map((r) => JSON.stringify(r)).join('\n')}\n`;
      if (waitingBytes + text.length > MOST_WAITING_BYTES)
        return Promise.reject(
          new StateaiError(
            'overloaded',
            'More records arrive than the disk takes',
            'Send them again in a few seconds.',
          ),
        );
      return new Promise((resolve, reject) => {
        waiting.push({ text, bytes: text.length, resolve, reject });
        waitingBytes += text.length;
        flushing ??= Promise.resolve().then(flush);
      });
    },
    async close() {
      closed = true;
      await flushing;
      await segment?.close();
      segment = null;
    },
  };
}
