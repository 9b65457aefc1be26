/**
 * The lines of a log. Most lines of an agent's log are conversation: with `markers` a file is searched as bytes, and only
 * lines that hold one become strings. Lines that are no whole object come along, so that a reader can report them.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import type { LogLine } from './door.ts';
import { compressionOf, contentOf, explainContent, refuseUtf16 } from './inputs.ts';

/** Longer lines are handed on empty, marked as too long. */
export const LONGEST_LINE = 64 << 20;
const BLOCK = 4 << 20;

export interface Line extends LogLine {
  tooLong?: boolean;
  /** No newline ends it yet. */
  isOpen?: boolean;
}

/** Between two lines of a file: so many bytes and lines lie before it. */
export interface Position {
  bytes: number;
  lines: number;
}

const BEGINNING: Position = { bytes: 0, lines: 0 };

/**
 * Reads a log file (plain, gzip or zstd). Errors while reading say what is wrong with the file.
 *
 * @param markers if given, lines without any of them are left out, save those that are no whole JSON object. Where lines
 *   were left out after the last one given, an empty object stands for them: a broken line was then not the file's last
 */
export async function* readLines(path: string, markers: readonly string[] = []): AsyncGenerator<Line> {
  const compression = path === '-' ? 'none' : await compressionOf(path);
  if (path !== '-' && compression === 'none') {
    yield* plainLines(path, markers);
    return;
  }
  const stream = contentOf(path, compression);
  const cutter = new LineCutter(markers);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      for (let from = 0; from < chunk.length; ) {
        const copied = chunk.copy(cutter.room(), 0, from);
        from += copied;
        yield* cutter.filled(copied);
      }
    }
    yield* cutter.end();
  } catch (error) {
    throw explainContent(error, path, compression);
  } finally {
    stream.destroy();
    cutter.done();
  }
}

function* plainLines(path: string, markers: readonly string[]): Generator<Line> {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(2);
    refuseUtf16(head.subarray(0, readSync(file, head, 0, 2, 0)), path);
    yield* linesOf(file, markers);
  } catch (error) {
    throw explainContent(error, path, 'none');
  } finally {
    if (file !== null) closeSync(file);
  }
}

/**
 * The same for an open plain file, from a position on, without waiting: what was read is looked through at once, and
 * that takes longer than reading it.
 * @returns where the last newline is
 */
export function* linesOf(
  file: number,
  markers: readonly string[] = [],
  from: Position = BEGINNING,
): Generator<Line, Position> {
  const cutter = new LineCutter(markers, from);
  try {
    for (let at = from.bytes; ; ) {
      const room = cutter.room();
      const read = readSync(file, room, 0, room.length, at);
      if (read === 0) break;
      at += read;
      yield* cutter.filled(read);
    }
    return yield* cutter.end();
  } finally {
    cutter.done();
  }
}

/** Fresh memory costs more than reading a file into it. */
const spareBlocks: Buffer[] = [];

class LineCutter {
  #markers: readonly string[];
  #block = spareBlocks.pop() ?? Buffer.allocUnsafe(BLOCK);
  /** Bytes of the block that belong to a line whose end is not there yet. */
  #held = 0;
  /** Where the line at the start of the block begins, and how many lines lie before it. */
  #at: number;
  #line: number;
  /** The line at the start of the block was too long; what is left of it is passed over, so many bytes so far. */
  #skipping = false;
  #skipped = 0;
  #leftOut = false;

  constructor(markers: readonly string[], from: Position = BEGINNING) {
    this.#markers = markers;
    this.#at = from.bytes;
    this.#line = from.lines;
  }

  /** Where the next bytes belong; there is always room. */
  room(): Buffer {
    return this.#block.subarray(this.#held);
  }

  /** The lines that have come to their end with so many more bytes. */
  *filled(bytes: number): Generator<Line> {
    const searched = this.#held;
    const filled = searched + bytes;
    const all = this.#block.subarray(0, filled);
    const search = searchFor(this.#markers, all);
    let from = 0;
    for (let to = all.indexOf(10, searched); to >= 0; to = all.indexOf(10, from)) {
      const line = ++this.#line;
      const found = this.#skipping ? null : search(from, to);
      const end = trimmed(all, from, to);
      const at = this.#at;
      if (this.#skipping || to - from > LONGEST_LINE) yield { text: '', line, at, tooLong: true };
      else if (found || this.#markers.length === 0 || !isWhole(all, from, end)) {
        yield { text: textOf(all, from, to), line, at, marked: found === 'surely' };
        this.#leftOut = false;
      } else this.#leftOut ||= end > from;
      this.#at += this.#skipped + to + 1 - from;
      this.#skipped = 0;
      this.#skipping = false;
      from = to + 1;
    }
    this.#held = filled - from;
    if (this.#skipping || this.#held > LONGEST_LINE) {
      this.#skipping = true;
      this.#skipped += this.#held;
      this.#held = 0;
    } else if (from > 0 || this.#held === this.#block.length) {
      const next =
        this.#held === this.#block.length ? Buffer.allocUnsafe(this.#block.length * 2) : this.#block;
      this.#block.copy(next, 0, from, filled);
      this.#block = next;
    }
  }

  /** What follows the last newline. @returns where that is */
  *end(): Generator<Line, Position> {
    const [at, line] = [this.#at, this.#line];
    if (this.#leftOut) yield { text: '{}', line, at };
    if (this.#skipping) yield { text: '', line: line + 1, at, tooLong: true, isOpen: true };
    else if (this.#held > 0)
      yield { text: textOf(this.#block, 0, this.#held), line: line + 1, at, isOpen: true };
    return { bytes: at, lines: line };
  }

  done(): void {
    if (this.#block.length === BLOCK && spareBlocks.length < 4) spareBlocks.push(this.#block);
  }
}

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
