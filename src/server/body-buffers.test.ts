/** Memory for bodies: nothing of one body is left for the next, and what is kept has a bound. */
import { expect, test } from 'vitest';
import { createBodyBuffers } from './body-buffers.ts';

const MEGABYTE = 1 << 20;

test('a buffer is used again, and nothing is left in it', () => {
  const buffers = createBodyBuffers();
  const first = buffers.take(MEGABYTE)?.fill('secret');
  if (!first) throw new Error('no buffer');
  buffers.give(first);
  const second = buffers.take(700_000);
  expect(second).toBe(first);
  expect(second?.every((byte) => byte === 0)).toBe(true);
});

test('two bodies at a time never share a buffer', () => {
  const buffers = createBodyBuffers();
  expect(buffers.take(MEGABYTE)).not.toBe(buffers.take(MEGABYTE));
});

test.each([0, 1000, 5 * MEGABYTE, Number.NaN, -1, Number.POSITIVE_INFINITY])(
  'there is none for %d bytes',
  (bytes) => {
    expect(createBodyBuffers().take(bytes)).toBeNull();
  },
);

test('what is kept has a bound', () => {
  const buffers = createBodyBuffers(MEGABYTE);
  const [one, two] = [buffers.take(MEGABYTE), buffers.take(MEGABYTE)];
  if (!one || !two) throw new Error('no buffer');
  buffers.give(one);
  buffers.give(two);
  expect([buffers.take(MEGABYTE), buffers.take(MEGABYTE)].includes(two)).toBe(false);
});
