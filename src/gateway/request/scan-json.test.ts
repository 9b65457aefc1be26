import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonSyntaxError } from '../../json/syntax-error.ts';
import { readMember, scanObject, spliceObject } from './scan-json.ts';

const bytes = (text: string) => Buffer.from(text);
const read = (text: Buffer) => Object.fromEntries(scanObject(text).map((m) => [m.key, readMember(text, m)]));
const object = fc.dictionary(
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }),
  {
    maxKeys: 8,
  },
);
const written = fc
  .tuple(object, fc.constantFrom(undefined, 1, '\t'))
  .map(([value, indent]) => [value, JSON.stringify(value, null, indent)] as const);

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(written, ([, text]) => {
      expect(read(bytes(text))).toEqual({ ...(JSON.parse(text) as object) });
    }),
  );
});

test('refuses what JSON.parse refuses, whatever byte is lost or added', () => {
  fc.assert(
    fc.property(
      written,
      fc.nat(),
      fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '1', 'x'),
      (w, n, c) => {
        const text = w[1];
        const at = n % (text.length + 1);
        const broken = text.slice(0, at) + c + text.slice(at + (c === '' ? 1 : 0));
        let parses = true;
        try {
          parses = typeof JSON.parse(broken) === 'object';
        } catch (error) {
          // Escapes and control characters in strings are not this function's business.
          if (/escape|control|Unicode/i.test(String(error))) return;
          parses = false;
        }
        const scan = () => scanObject(bytes(broken));
        if (!parses) expect(scan).toThrow(JsonSyntaxError);
        else expect(scan).not.toThrow(/expected/);
      },
    ),
    { numRuns: 500 },
  );
});

test('replaces, adds and removes members, and leaves every other byte alone', () => {
  const text = bytes(
    '{ "model" : "a/b",\n "messages":[{"x":1.0e2}] , "provider":{"order":["z"]}, "n":1.50 }',
  );
  const changed = spliceObject(
    text,
    scanObject(text),
    new Map<string, unknown>([
      ['model', 'b'],
      ['provider', undefined],
      ['stream_options', { include_usage: true }],
    ]),
  );
  expect(changed.toString()).toBe(
    '{"model":"b","messages":[{"x":1.0e2}],"n":1.50,"stream_options":{"include_usage":true}}',
  );
});

test('splicing is what changing the value is', () => {
  fc.assert(
    fc.property(written, object, ([, text], changes) => {
      const buffer = bytes(text);
      const out = spliceObject(buffer, scanObject(buffer), new Map(Object.entries(changes)));
      expect(read(out)).toEqual({
        ...(JSON.parse(text) as object),
        ...(JSON.parse(JSON.stringify(changes)) as object),
      });
    }),
  );
});

test.each([
  ['', /object/],
  ['[]', /object/],
  ['{"a":1,"a":2}', /twice/],
  ['{"a":1} x', /nothing behind/],
  [`{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`, /deeply/],
  [`{"a":"${'x'.repeat(100)}`, /does not end/],
  [`{"a":${'9'.repeat(1000)}}`, /too long/],
])('says what is wrong with %j', (text, message) => {
  expect(() => scanObject(bytes(text))).toThrow(message);
});

test('finds the end of long strings with escapes', () => {
  const value = { a: `${'x'.repeat(60)}\\"${'\\'.repeat(7)}"`, b: `"${'y'.repeat(200)}\\` };
  expect(read(bytes(JSON.stringify(value)))).toEqual(value);
});
