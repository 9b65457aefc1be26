import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonReader } from './reader.ts';
import { Words } from './word-set.ts';

const STRICT = { deepest: 50, checksTexts: true };

it('takes and refuses what JSON.parse does, whatever byte is lost, changed or put in', () => {
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
  const change = fc.tuple(fc.nat(), fc.nat(1), fc.constantFrom(...'{}[]:,"\\ux0-.eE+ tn\n\u0001\u00a0', ''));
  fc.assert(
    fc.property(value, fc.array(change, { maxLength: 2 }), (whole, changes) => {
      let text = JSON.stringify(whole);
      for (const [n, lost, put] of changes) {
        const at = n % (text.length + 1);
        text = text.slice(0, at) + put + text.slice(at + lost);
      }
      const bytes = Buffer.from(text);
      const skip = () => {
        const reader = new JsonReader(bytes, STRICT);
        reader.space();
        reader.skip();
        reader.end();
      };
      let parses = true;
      try {
        JSON.parse(bytes.toString());
      } catch {
        parses = false;
      }
      if (parses) expect(skip).not.toThrow();
      else expect(skip).toThrow();
    }),
    { numRuns: 1000 },
  );
});

it('makes no string of a text that is too long, and goes on behind it', () => {
  const reader = new JsonReader(Buffer.from('["\\u0061\\u0062","abc","abcd",1]'), STRICT);
  const read: unknown[] = [];
  reader.elements(() => read.push(reader.isText() ? reader.text(3) : reader.number()));
  expect(read).toEqual(['ab', 'abc', null, 1]);
});

it('words are found in bytes, and nothing else is', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(word), word, (known, asked) => {
      const bytes = Buffer.from(`"${asked}"`);
      expect(new Words(known).find(bytes, 1, bytes.length - 1)).toBe(
        asked !== '' && known.includes(asked) ? asked : undefined,
      );
    }),
  );
});
