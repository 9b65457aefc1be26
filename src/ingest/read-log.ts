/**
 * One log file through its door, with all of its records as the warehouse reads them. Of a plain file it is noted how far
 * it was read: when it has grown, only what is new is read.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { FIELDS, type Generation } from '../generation/generation.ts';
import { contentHash } from '../generation/ids.ts';
import { dropImpossibleParts } from '../generation/validate.ts';
import type { DoorContext, DoorItem, LogDoor, Reject } from './door.ts';
import { latest } from './door-counts.ts';
import { ARCHIVE_HEAD, compressionOfHead, explainContent, refuseArchive, refuseUtf16 } from './inputs.ts';
import { type Line, LONGEST_LINE, linesOf, type Position, readLines } from './lines.ts';
import { readerOf } from './log-reader.ts';

/** Where the reading of a file stopped. Holds nothing that the log says, names only as hashes. */
export interface Place extends Position {
  /** Hash of the bytes at the beginning of the file and just before this place: a file that was replaced has others. */
  check: string;
  /** What the door must know to go on. */
  state: unknown;
  /** Hashes of what was given for lines from here on, which are read again. */
  given: string[];
}

export interface ReadLog {
  /** A JSON line each. */
  records: Buffer;
  count: number;
  rejects: Reject[];
  /** `createdAt` of the newest record; null = none. */
  newest: number | null;
  /** The door did not open it by itself. */
  hasLines: boolean;
  /** null: a file that has grown is read from its beginning. */
  place: Place | null;
  /** Only what is new was read. */
  wentOn: boolean;
}

/** @param place where an earlier reading of this file stopped */
export async function readLog(
  door: LogDoor,
  path: string,
  context: DoorContext,
  place: Place | null = null,
): Promise<ReadLog> {
  const hashing = { ...context, hashSession: rememberLast(context.hashSession) };
  if (door.begin && path !== '-') {
    const read = readPlain(door, path, hashing, place);
    if (read) return read;
  }
  const found = new Found(path, null);
  const opened = door.open?.(path, hashing) ?? null;
  const lines = () => shortOf(readLines(path, door.markers), found);
  for await (const item of opened ?? readerOf(door)(path, lines(), hashing)) found.add(item);
  return { ...found.all(), hasLines: opened === null, place: null, wentOn: false };
}

/** Without waiting for the disk between lines. null: the file is packed. */
function readPlain(door: LogDoor, path: string, context: DoorContext, place: Place | null): ReadLog | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const head = bytesOf(file, 0, ARCHIVE_HEAD);
    refuseArchive(head, path);
    refuseUtf16(head, path);
    if (compressionOfHead(head) !== 'none') return null;
    const from = place && place.check === checkOf(file, place.bytes) ? place : null;
    const found = new Found(path, from);
    const reader = door.begin?.(path, context, (item) => found.add(item), from?.state ?? null);
    if (!reader) return null;
    const lines = linesOf(file, door.markers, from ?? undefined);
    let stopped: ReturnType<typeof reader.place> | null = null;
    let next = lines.next();
    for (; !next.done; next = lines.next()) {
      const line = next.value;
      // It may go on: the next reading takes it again.
      if (line.isOpen) stopped = reader.place({ bytes: line.at ?? 0, lines: line.line - 1 });
      if (line.tooLong) found.tooLong(line);
      else reader.take(line);
    }
    stopped ??= reader.place(next.value);
    reader.end();
    const { bytes, lines: before } = stopped.from;
    return {
      ...found.all(),
      hasLines: true,
      place: {
        bytes,
        lines: before,
        check: checkOf(file, bytes),
        state: stopped.state,
        given: found.givenAfter(before),
      },
      wentOn: from !== null,
    };
  } catch (error) {
    throw explainContent(error, path, 'none');
  } finally {
    if (file !== null) closeSync(file);
  }
}

const [HEAD, BLOCK] = [1024, 4096];

/** Empty where the file is shorter, which no place has. */
function checkOf(file: number, bytes: number): string {
  const head = bytesOf(file, 0, Math.min(HEAD, bytes));
  const block = bytesOf(file, Math.max(0, bytes - BLOCK), Math.min(BLOCK, bytes));
  const isThere = block.length === Math.min(BLOCK, bytes);
  return isThere ? contentHash(head.toString('latin1'), block.toString('latin1')) : '';
}

function bytesOf(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, length === 0 ? 0 : readSync(file, bytes, 0, length, at));
}

/** What a reading gives. */
class Found {
  #path: string;
  #known: ReadonlySet<string>;
  #records: string[] = [];
  #lines: number[] = [];
  #again: { line: number; hash: string }[] = [];
  #rejects: Reject[] = [];
  #newest: number | null = null;

  /** @param place what was given for lines behind it is not given again */
  constructor(path: string, place: Place | null) {
    this.#path = path;
    this.#known = new Set(place?.given);
  }

  add(item: DoorItem): void {
    if ('reject' in item) {
      if (!this.#isKnown(item.reject.line, hashOfReject(item.reject))) this.#rejects.push(item.reject);
      return;
    }
    dropImpossibleParts(item.generation);
    const record = lineOf(item.generation);
    if (this.#known.size > 0 && this.#isKnown(item.line, contentHash(record))) return;
    this.#newest = latest(this.#newest, item.generation.createdAt);
    this.#records.push(record);
    this.#lines.push(item.line);
  }

  tooLong({ line }: Line): void {
    const reason = `the line is longer than ${LONGEST_LINE >> 20} MiB`;
    this.add({ reject: { file: this.#path, line, reason } });
  }

  #isKnown(line: number, hash: string): boolean {
    if (!this.#known.has(hash)) return false;
    this.#again.push({ line, hash });
    return true;
  }

  all() {
    const text = this.#records.length > 0 ? `${this.#records.join('\n')}\n` : '';
    return {
      records: Buffer.from(text),
      count: this.#records.length,
      rejects: this.#rejects,
      newest: this.#newest,
    };
  }

  givenAfter(line: number): string[] {
    const hashes = this.#again.filter((each) => each.line > line).map((each) => each.hash);
    for (const [i, at] of this.#lines.entries())
      if (at > line) hashes.push(contentHash(this.#records[i] as string));
    for (const reject of this.#rejects) if (reject.line > line) hashes.push(hashOfReject(reject));
    return hashes;
  }
}

const hashOfReject = ({ line, reason }: Reject): string => contentHash('reject', `${line}`, reason);

/** Fields with the text before their value. */
const NAMES = FIELDS.map((field) => ({ name: field.name, begin: `,"${field.name}":` }));
/** Strings that stand in JSON as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What is unknown need not be written: a reader of these lines takes an absent field for null. */
function lineOf(generation: Generation): string {
  let line = '';
  for (const { name, begin } of NAMES) {
    const value = generation[name];
    if (value === null) continue;
    if (typeof value === 'string' && PLAIN.test(value)) line += `${begin}"${value}"`;
    else line += begin + (typeof value === 'number' ? `${value}` : JSON.stringify(value));
  }
  return `{${line.slice(1)}}`;
}

/** A log names one session over and over. */
function rememberLast(hash: (name: string) => string): (name: string) => string {
  let last: { name: string; hash: string } | null = null;
  return (name) => {
    if (last?.name !== name) last = { name, hash: hash(name) };
    return last.hash;
  };
}

async function* shortOf(lines: AsyncIterable<Line>, found: Found): AsyncGenerator<Line> {
  for await (const line of lines) {
    if (line.tooLong) found.tooLong(line);
    else yield line;
  }
}
