/** JSON is cut at the same places wherever the stream is cut, and every value stands at its line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTexts, type TextAt } from './json-texts.ts';
import { lineTexts } from './line-texts.ts';

async function cut(
  text: string,
  at: readonly number[] = [],
  read: typeof jsonTexts = jsonTexts,
): Promise<TextAt[]> {
  const bytes = Buffer.from(text);
  const marks = [0, ...at.map((a) => a % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = marks.slice(1).map((end, i) => bytes.subarray(marks[i], end));
  const found: TextAt[] = [];
  for await (const value of read(
    (async function* () {
      yield* chunks;
    })(),
  ))
    found.push(value);
  return found;
}

const rows = fc.array(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
  { maxLength: 5 },
);
const space = fc.constantFrom(undefined, 1, '\t');

describe('jsonTexts', () => {
  it('finds the values of a list, and of documents one after the other', async () => {
    await fc.assert(
      fc.asyncProperty(rows, space, fc.array(fc.nat()), async (values, indent, at) => {
        const wanted = values.map((v) => JSON.parse(JSON.stringify(v)));
        for (const text of [
          JSON.stringify(values, null, indent),
          values.map((v) => JSON.stringify(v, null, indent)).join('\n'),
        ]) {
          const found = await cut(text, at);
          expect(found.map((f) => JSON.parse(f.text))).toEqual(wanted);
          for (const { text: value, line } of found)
            expect(
              text
                .split('\n')
                .slice(line - 1)
                .join('\n'),
            ).toContain(value.split('\n')[0]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never fails, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', '\n', 'a', '1', ' ') }),
        async (text) => {
          for (const { line } of await cut(text)) expect(line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('says that the end is missing', async () => {
    expect(await cut('[{"a":1},\n{"b":')).toEqual([
      { text: '{"a":1}', line: 1 },
      { text: '', line: 2, problem: 'the file ends in the middle of this row' },
    ]);
  });
});

describe('lineTexts', () => {
  it('gives the lines that are not empty, with their numbers, wherever the stream is cut', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '🦜', ' ', '\r') });
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, at) => {
        const wanted = lines
          .map((text, i) => ({ text, line: i + 1 }))
          .filter(({ text }) => text.trim() !== '');
        expect(await cut(lines.join('\n'), at, lineTexts)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});
