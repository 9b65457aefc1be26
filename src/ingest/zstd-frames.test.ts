/** zstd of one frame and of many, in pieces of any size, whole and cut off. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { unpackZstd } from './zstd-frames.ts';

const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
const unpacked = (bytes: Buffer, size: number) => buffer(unpackZstd(Readable.from(pieces(bytes, size))));

const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const frame = fc.record({
  content: fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.nat(300_000).map((n) => new Uint8Array(n).fill(7)),
    fc.nat(60_000).map((n) => Uint8Array.from({ length: n }, (_, i) => (i * i * 31) >> 3)),
  ),
  checksum: fc.boolean(),
  sized: fc.boolean(),
});

it('all frames come out, however they are cut up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 5 }),
      fc.integer({ min: 1, max: 200 }),
      fc.boolean(),
      async (frames, count, skips) => {
        const packed = frames.flatMap(({ content, checksum, sized }) => [
          zstdCompressSync(content, {
            params: {
              [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0,
              [constants.ZSTD_c_contentSizeFlag]: sized ? 1 : 0,
            },
          }),
          ...(skips ? [skippable] : []),
        ]);
        const bytes = Buffer.concat(packed);
        const content = Buffer.concat(frames.map((each) => each.content));
        expect((await unpacked(bytes, Math.ceil(bytes.length / count))).equals(content)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it('what is cut off, damaged or goes on with something else is an error', async () => {
  const one = zstdCompressSync(Buffer.from('some words '.repeat(100)));
  const both = Buffer.concat([one, one]);
  for (const cut of [one.length - 1, one.length + 2, one.length + 5, both.length - 1])
    await expect(unpacked(both.subarray(0, cut), 16)).rejects.toThrow();
  await expect(unpacked(Buffer.concat([one, Buffer.from('id,model\n')]), 16)).rejects.toThrow();
});
