/** One file of the journal: it belongs to one process and is written once, front to back. */
import { constants, writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StateaiError } from '../generation/errors.ts';
import { syncPath, uniqueName } from './files.ts';
import type { Layout } from './layout.ts';

/** A segment larger than this is closed and the next one begun. */
export const SEGMENT_BYTES = 64 << 20;
/** A segment that nobody wrote to for longer is not written to any more: one that rested twice as long may be deleted. */
export const RESTED_MS = 1_800_000;

export interface Segment {
  /** So much of it was written whole. */
  readonly bytes: number;
  /** Hands all of it to the kernel. @throws what writing throws: then a part of it may be there, to be cut off */
  write(buffer: Buffer): Promise<void>;
  /** The same before it returns. */
  writeNow(buffer: Buffer): void;
  /** Resolves when all that was written is on the disk, under the file's name. @throws `journal_removed` … */
  sync(): Promise<void>;
  /** Ends it where so much of it is good; what holds nothing is deleted. Never throws. */
  endAt(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** `<pid>-<unique>.ndjson`: the pid tells a loader whether somebody still writes to it. */
export const segmentOwner = (segment: string): number => Number(segment.split('-', 1)[0]);

/** The journal's directory must be there: where it was taken away it is not made anew. */
export async function openSegment(layout: Layout): Promise<Segment> {
  const path = join(layout.journal, `${process.pid}-${uniqueName()}.ndjson`);
  const handle = await open(
    path,
    constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND,
    0o600,
  );
  try {
    await syncPath(layout.journal);
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    async write(buffer) {
      for (let at = 0; at < buffer.length; )
        at += (await handle.write(buffer, at, buffer.length - at)).bytesWritten;
      bytes += buffer.length;
    },
    writeNow(buffer) {
      for (let at = 0; at < buffer.length; ) at += writeSync(handle.fd, buffer, at, buffer.length - at);
      bytes += buffer.length;
    },
    async sync() {
      await handle.datasync();
      if ((await handle.stat()).nlink > 0) return;
      throw new StateaiError(
        'journal_removed',
        'Writing the journal: its file was removed',
        'Put the data directory back; records go on as soon as it is there.',
      );
    },
    async endAt(good) {
      await handle.truncate(good).catch(() => undefined);
      // A file that holds nothing would be one more for each try while the disk is full.
      if (good === 0) await rm(path, { force: true }).catch(() => undefined);
      await handle.close().catch(() => undefined);
    },
    close: () => handle.close(),
  };
}
