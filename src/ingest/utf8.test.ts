/** Bytes that are UTF-8, and bytes that are not, however they are cut up. */
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toUtf8, utf8Check } from './utf8.ts';

const text = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((string) => Buffer.from(string.toWellFormed()));
const bytes = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 20 }).map(Buffer.from),
  fc.tuple(text, fc.nat(255)).map(([t, b]) => Buffer.concat([t, Buffer.of(b), t])),
);

const cut = (all: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size));

it('is known wherever the chunks are cut, and replaced as Node does', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 7 }), async (all, size) => {
      const check = utf8Check();
      for (const chunk of cut(all, size)) check.add(chunk);
      expect(check.end()).toBe(isUtf8(all));
      let replaced = false;
      const mended = await buffer(
        Readable.from(cut(all, size)).pipe(
          toUtf8(() => {
            replaced = true;
          }),
        ),
      );
      expect(replaced).toBe(!isUtf8(all));
      expect(isUtf8(mended)).toBe(true);
      if (!replaced) expect(mended).toEqual(all);
    }),
  );
});
