/**
 * Unpacks zstd of several frames, as `cat`, pzstd and appending writers make it. Node's own stream ends with the first
 * frame and says nothing of the rest. Where a frame ends is told by its blocks (RFC 8878, section 3.1).
 */
import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

/** The content of all frames, one behind the other. Errors are those of Node's zlib. */
export const unpackZstd = (packed: AsyncIterable<Buffer>): Readable =>
  Readable.from(contentOf(packed), { objectMode: false });

async function* contentOf(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = new Source(packed);
  while (await source.hasMore()) {
    const frame = Readable.from(gathered(frameOf(source)), { objectMode: false });
    const unpack = createZstdDecompress({ chunkSize: 1 << 20 });
    frame.on('error', (error) => unpack.destroy(error));
    try {
      yield* frame.pipe(unpack) as AsyncIterable<Buffer>;
    } finally {
      frame.destroy();
    }
  }
}

/** Bytes that can be asked for by number, whatever pieces they come in. */
class Source {
  #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(packed: AsyncIterable<Buffer>) {
    this.#chunks = packed[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#chunk = next.value;
    }
    return true;
  }

  /** So many bytes in pieces; fewer at the end. */
  async *take(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0 && (await this.hasMore()); ) {
      const piece = this.#chunk.subarray(0, left);
      this.#chunk = this.#chunk.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** So many bytes together; fewer at the end. */
  async read(bytes: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.take(bytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}

/** Unpacking has a price a piece. */
const GATHERED = 1 << 18;

async function* gathered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < GATHERED) continue;
    yield Buffer.concat(held);
    [held, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(held);
}

const MAGIC = 0xfd2fb528;
/** Sixteen magic numbers of frames without content. */
const SKIPPABLE = 0x184d2a5;

/** One frame as it came. What is none is handed on as it is: unpacking it says what is wrong. */
async function* frameOf(source: Source): AsyncGenerator<Buffer> {
  const magic = await source.read(4);
  yield magic;
  const number = magic.length === 4 ? magic.readUInt32LE(0) : 0;
  if (number >>> 4 === SKIPPABLE) {
    const size = await source.read(4);
    yield size;
    if (size.length === 4) yield* source.take(size.readUInt32LE(0));
    return;
  }
  if (number !== MAGIC) {
    yield* source.take(Number.POSITIVE_INFINITY);
    return;
  }
  const descriptor = await source.read(1);
  yield descriptor;
  const flags = descriptor[0] ?? 0;
  yield* source.take(restOfHeader(flags));
  for (;;) {
    const header = await source.read(3);
    yield header;
    if (header.length < 3) return;
    const block = header.readUIntLE(0, 3);
    // A run of one byte is stored as that byte.
    yield* source.take(((block >> 1) & 3) === 1 ? 1 : block >> 3);
    if (block & 1) break;
  }
  if (flags & 4) yield* source.take(4);
}

/** Bytes of a frame's header behind its descriptor: window, dictionary and size. */
function restOfHeader(flags: number): number {
  const isSingle = (flags & 32) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] as number;
  const size = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6] as number;
  return (isSingle ? 0 : 1) + dictionary + size;
}
