/** A file's lines, one at a time, bounded in memory. Only those that a reader wants become strings. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { LogLine } from './door.ts';
import { type Compression, compressionOf, contentOf, explainContent } from './inputs.ts';

/** Longer lines are handed on empty, marked as too long. */
export const LONGEST_LINE = 64 << 20;
const BLOCK = 4 << 20;

export interface Line extends LogLine {
  tooLong?: boolean;
}

/**
 * Reads a log file (plain, gzip or zstd). Errors while reading say what is wrong with the file.
 *
 * @param markers if given, lines without any of them are left out, save those that are no whole JSON object. Where lines
 *   were left out after the last one given, an empty object stands for them: a broken line was then not the file's last
 */
export async function* readLines(path: string, markers: readonly string[] = []): AsyncGenerator<Line> {
  const compression = path === '-' ? 'none' : await compressionOf(path);
  const source = path !== '-' && compression === 'none' ? plain(path) : packed(path, compression);
  try {
    yield* linesOf(source, markers);
  } catch (error) {
    throw explainContent(error, path, compression);
  } finally {
    source.close();
  }
}

/** Fills a part of a buffer; 0 = the end. */
interface Source {
  read(into: Buffer, from: number): number | Promise<number>;
  close(): void;
}

/** Without other threads: what was read is looked through at once, and that takes longer. */
function plain(path: string): Source {
  const file = openSync(path, 'r');
  return {
    read: (into, from) => readSync(file, into, from, into.length - from, null),
    close: () => closeSync(file),
  };
}

function packed(path: string, compression: Compression): Source {
  const stream = contentOf(path, compression);
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read(into, from) {
      while (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done) return 0;
        rest = value;
      }
      const copied = rest.copy(into, from);
      rest = rest.subarray(copied);
      return copied;
    },
    close: () => void stream.destroy(),
  };
}

async function* linesOf(source: Source, markers: readonly string[]): AsyncGenerator<Line> {
  let block = spareBlocks.pop() ?? Buffer.allocUnsafe(BLOCK);
  let filled = 0;
  let line = 0;
  /** The line at the start of the block was too long; what is left of it is passed over. */
  let skipping = false;
  let leftOut = false;
  for (;;) {
    const read = await source.read(block, filled);
    if (read === 0) break;
    const searched = filled;
    filled += read;
    const all = block.subarray(0, filled);
    const search = searchFor(markers, all);
    let from = 0;
    for (let at = all.indexOf(10, searched); at >= 0; at = all.indexOf(10, from)) {
      line++;
      const found = skipping ? null : search(from, at);
      const end = trimmed(all, from, at);
      if (skipping || at - from > LONGEST_LINE) yield { text: '', line, tooLong: true };
      else if (found || markers.length === 0 || !isWhole(all, from, end)) {
        yield { text: textOf(all, from, at), line, marked: found === 'surely' };
        leftOut = false;
      } else leftOut ||= end > from;
      skipping = false;
      from = at + 1;
    }
    filled -= from;
    if (skipping || filled > LONGEST_LINE) {
      skipping = true;
      filled = 0;
    } else if (from > 0 || filled === block.length) {
      const next = filled === block.length ? Buffer.allocUnsafe(block.length * 2) : block;
      block.copy(next, 0, from, from + filled);
      block = next;
    }
  }
  if (leftOut) yield { text: '{}', line };
  if (skipping) yield { text: '', line: line + 1, tooLong: true };
  else if (filled > 0) yield { text: textOf(block, 0, filled), line: line + 1 };
  if (block.length === BLOCK && spareBlocks.length < 4) spareBlocks.push(block);
}

/** Fresh memory costs more than reading a file into it. */
const spareBlocks: Buffer[] = [];

/**
 * Whether a stretch holds a marker, for stretches from left to right. A marker is looked for from its first underscore on,
 * which in text is rarer than a quote: what is found then is only likely.
 */
function searchFor(
  markers: readonly string[],
  all: Buffer,
): (from: number, to: number) => 'surely' | 'likely' | null {
  const probes = markers.map((marker) => ({
    bytes: Buffer.from(marker.slice(Math.max(0, marker.indexOf('_')))),
    is: marker.includes('_') ? ('likely' as const) : ('surely' as const),
    next: -1,
  }));
  return (from, to) => {
    let found: 'surely' | 'likely' | null = null;
    for (const probe of probes) {
      if (probe.next < from) {
        const at = all.indexOf(probe.bytes, from);
        probe.next = at < 0 ? Number.POSITIVE_INFINITY : at;
      }
      if (probe.next < to) found ??= probe.is;
    }
    return found;
  };
}

function textOf(all: Buffer, from: number, to: number): string {
  return all.toString('utf8', from, to > from && all[to - 1] === 13 ? to - 1 : to);
}

/** Where a stretch ends without trailing white space. */
function trimmed(all: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (all[end - 1] ?? 0) <= 32) end--;
  return end;
}

/** Empty, or from brace to brace. */
const isWhole = (all: Buffer, from: number, end: number): boolean =>
  end === from || (all[from] === 123 && all[end - 1] === 125);
