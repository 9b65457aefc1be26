/** What is in a file that a user gives: how it is packed and encoded, and its content. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { explain, StateaiError } from '../generation/errors.ts';
import type { Reject } from './door.ts';
import { toUtf8, utf8Check } from './utf8.ts';
import { unpackZstd } from './zstd-frames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/**
 * By the first bytes, not by the name.
 * @param name for messages
 * @throws `archive` for what is packed otherwise
 */
export async function compressionOf(path: string, name = path): Promise<Compression> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(ARCHIVE_HEAD);
    await handle.read(head, 0, head.length, 0);
    refuseArchive(head, name);
    return compressionOfHead(head);
  } finally {
    await handle.close();
  }
}

export function compressionOfHead(head: Buffer): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

/** So many bytes tell an archive. */
export const ARCHIVE_HEAD = 7;
const ARCHIVES: readonly (readonly [string, string])[] = [
  ['504b0304', 'a ZIP archive or a workbook of a spreadsheet'],
  ['377abcaf271c', 'a 7z archive'],
  ['fd377a585a00', 'packed with xz'],
  ['425a6839314159', 'packed with bzip2'],
  ['04224d18', 'packed with lz4'],
  ['d0cf11e0', 'a workbook of an old spreadsheet'],
];

/** @throws `archive` for a file that begins as one does that is not read */
export function refuseArchive(head: Buffer, name: string): void {
  const hex = head.toString('hex');
  const [, what] = ARCHIVES.find(([magic]) => hex.startsWith(magic)) ?? [];
  if (what === undefined) return;
  throw new StateaiError(
    'archive',
    `${name}: this is ${what}`,
    'Unpack it, or save the sheet as CSV. Of packed files, gzip and zstd are read as they are.',
  );
}

/** Begins with a byte order mark of UTF-16. */
export const isUtf16 = (head: Buffer | null): boolean =>
  head !== null && head.length >= 2 && [0xfeff, 0xfffe].includes(head.readUInt16BE(0));

/** @throws `bad_encoding` for a log in UTF-16, as some editors and shells save it */
export function refuseUtf16(head: Buffer, name: string): void {
  if (!isUtf16(head)) return;
  throw new StateaiError(
    'bad_encoding',
    `${name}: this is text in UTF-16, and logs are in UTF-8; nothing of this file was imported`,
    'Import the log as the agent wrote it, or turn it back (iconv -f utf-16 -t utf-8).',
  );
}

/** A file's content, decompressed and as UTF-8. Errors say that the file is cut off or damaged. */
export function contentOf(path: string, compression: Compression): Readable {
  const source: Readable = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  if (compression === 'none') return source;
  const unpacked =
    compression === 'zstd' ? unpackZstd(source) : source.pipe(createGunzip({ chunkSize: 1 << 20 }));
  source.on('error', (error) => unpacked.destroy(error));
  // Who has read enough does not leave the file open.
  return unpacked.on('close', () => source.destroy());
}

/** What a broken stream means for the reader of the message. */
export function explainContent(error: unknown, path: string, compression: Compression): StateaiError {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (
    compression !== 'none' &&
    /^(Z_|ERR_ZSTD|ZSTD)|unexpected end|incorrect|invalid|corrupt/i.test(`${code} ${message}`)
  )
    return new StateaiError(
      'damaged_file',
      `${path}: the ${compression} data is cut off or damaged (${message}); nothing of this file was imported`,
      'Fetch or export the file again.',
      error,
    );
  return explain(error, `Reading ${path}`);
}

export interface Inspection {
  size: number;
  mtimeMs: number;
  sha256: string;
  /** Bytes of the longest stretch without a newline. */
  longestLine: number;
  /** Begins with a byte order mark of UTF-16. */
  utf16: boolean;
  /** All of it is UTF-8. */
  utf8: boolean;
}

/** One pass over a plain file: its hash, and whether it has lines that no table has. */
export async function inspect(path: string): Promise<Inspection> {
  const info = await stat(path);
  const hash = createHash('sha256');
  let longestLine = 0;
  let unended = 0;
  let utf16 = false;
  const encoding = utf8Check();
  await eachChunk(path, (chunk, at) => {
    if (at === 0) utf16 = isUtf16(chunk);
    hash.update(chunk);
    encoding.add(chunk);
    const begin = chunk.indexOf(10);
    if (begin < 0) unended += chunk.length;
    else {
      longestLine = Math.max(longestLine, unended + begin);
      unended = chunk.length - 1 - chunk.lastIndexOf(10);
    }
    longestLine = Math.max(longestLine, unended);
  });
  const { size, mtimeMs } = info;
  return { size, mtimeMs, sha256: hash.digest('hex'), longestLine, utf16, utf8: encoding.end() };
}

/** A file piece by piece, all in one buffer: a piece is gone when the next one comes. */
async function eachChunk(path: string, onChunk: (chunk: Buffer, at: number) => void): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      onChunk(buffer.subarray(0, bytesRead), at);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file's content as plain UTF-8 lines for the engine to read. Lines longer than `mostLine` bytes are left out
 * (an empty line keeps the count) and reported. Answers the content's hash.
 *
 * @param options.mend replaces bytes that are no UTF-8; the answer tells whether there were any
 */
export async function spool(
  path: string,
  target: string,
  options: {
    mostLine: number;
    utf16?: boolean;
    mend?: boolean;
    onReject(reject: Reject): void;
    onBytes?(bytes: number): void;
  },
): Promise<{ sha256: string; size: number; mended: boolean }> {
  const compression = path === '-' ? 'none' : await compressionOf(path);
  const hash = createHash('sha256');
  let size = 0;
  let mended = false;
  const mend = () =>
    toUtf8(() => {
      mended = true;
    });
  const cut = lineCutter(path, options.mostLine, options.onReject);
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      options.onBytes?.(size);
      done(null, chunk);
    },
  });
  try {
    const encoding = options.utf16 ? [fromUtf16()] : options.mend ? [mend()] : [];
    const stages = [contentOf(path, compression), count, ...encoding, cut];
    await pipeline([...stages, createWriteStream(target, { mode: 0o600 })]);
  } catch (error) {
    throw explainContent(error, path, compression);
  }
  return { sha256: hash.digest('hex'), size, mended };
}

function fromUtf16(): Transform {
  let decoder: TextDecoder | null = null;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      decoder ??= new TextDecoder(chunk[0] === 0xfe ? 'utf-16be' : 'utf-16le');
      done(null, Buffer.from(decoder.decode(chunk, { stream: true })));
    },
  });
}

function lineCutter(file: string, mostLine: number, onReject: (reject: Reject) => void): Transform {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let skipping = false;
  let line = 1;
  const tooLong = () =>
    onReject({ file, line, reason: `the line is longer than ${Math.round(mostLine / 1048576)} MiB` });
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        if (skipping) this.push('\n');
        else if (heldBytes + at - from > mostLine) {
          tooLong();
          this.push('\n');
        } else {
          for (const part of held) this.push(part);
          this.push(chunk.subarray(from, at + 1));
        }
        held = [];
        heldBytes = 0;
        skipping = false;
        line++;
        from = at + 1;
      }
      if (!skipping && from < chunk.length) {
        held.push(chunk.subarray(from));
        heldBytes += chunk.length - from;
        if (heldBytes > mostLine) {
          tooLong();
          skipping = true;
          held = [];
          heldBytes = 0;
        }
      }
      done();
    },
    flush(done) {
      for (const part of held) this.push(part);
      done();
    },
  });
}
