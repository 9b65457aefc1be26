import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { promptBytesOf } from './prompt-bytes.ts';

const bytesOf = (value: unknown) => promptBytesOf(Buffer.from(JSON.stringify(value)));
const text = 'What is this?';
const big = randomBytes(1 << 20).toString('base64');

test.each([
  ['a picture of chat', { type: 'image_url', image_url: { url: `data:image/png;base64,${big}` } }],
  [
    'a picture of Messages',
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: big } },
  ],
  ['a picture of Responses', { type: 'input_image', image_url: `data:image/png;base64,${big}` }],
  ['a file', { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${big}` } }],
  ['sound', { type: 'input_audio', input_audio: { data: big, format: 'wav' } }],
])('%s counts as a picture usually does, not as its megabyte', (_name, part) => {
  const one = bytesOf([{ role: 'user', content: [{ type: 'text', text }, part] }]);
  expect(one).toBeGreaterThan(4000);
  expect(one).toBeLessThan(8000);
  expect(bytesOf([{ role: 'user', content: [{ type: 'text', text }, part, part] }])).toBeGreaterThan(
    one + 4000,
  );
});

test('text counts with every byte, also text that speaks of base64 and holds some', () => {
  const long = `base64 ${'words of a long prompt, '.repeat(2000)}`;
  for (const value of [long, `"data:image/png;base64," ${long}`, `${big.slice(0, 20_000)} ${long}`])
    expect(bytesOf([{ content: value }])).toBe(Buffer.byteLength(JSON.stringify([{ content: value }])));
});

test('what has no media is as long as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(bytesOf(value)).toBe(Buffer.byteLength(JSON.stringify(value)));
    }),
    { numRuns: 30 },
  );
});
