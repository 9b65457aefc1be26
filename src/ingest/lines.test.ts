/** Reading lines as bytes gives what reading them as text gives, however a file is cut into blocks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from './door.fixture.ts';
import { jsonLines } from './json-lines.ts';
import { type Line, readLines } from './lines.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lines-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function linesOf(content: string | Buffer, markers?: string[]): Promise<Line[]> {
  const path = join(directory, 'log');
  await writeFile(path, content);
  return collect(readLines(path, markers));
}

describe('lines', () => {
  it('are numbered, without their ends, also where the last has none', async () => {
    expect((await linesOf('a\r\n\nß\n结')).map(({ text, line }) => [line, text])).toEqual([
      [1, 'a'],
      [2, ''],
      [3, 'ß'],
      [4, '结'],
    ]);
    expect(await linesOf('')).toEqual([]);
  });

  it('are whole where they are longer than a block, plain or packed', async () => {
    const long = '€'.repeat(3 << 20);
    const text = `{"a":1}\n${long}\n{"b":2}\n`;
    for (const content of [text, gzipSync(text), zstdCompressSync(text)])
      expect((await linesOf(content)).map((l) => l.text)).toEqual(['{"a":1}', long, '{"b":2}']);
  });

  it('of more than 64 MiB are left out, and the next is read', async () => {
    const content = Buffer.concat([Buffer.alloc(70 << 20, 97), Buffer.from('\n{"a":1}\n')]);
    expect((await linesOf(content)).map(({ text, line, tooLong }) => [line, text, tooLong])).toEqual([
      [1, '', true],
      [2, '{"a":1}', undefined],
    ]);
  });

  it('without a marker are left out, but not what is broken nor that more came after it', async () => {
    const text = '{"x":1}\n{"a_b":1}\n{"broken\n\n{"x":2}\n{"xa_b":3}\n';
    expect((await linesOf(text, ['"a_b"'])).map(({ text, line }) => [line, text])).toEqual([
      [2, '{"a_b":1}'],
      [3, '{"broken'],
      // Likely is enough: who reads the line looks again.
      [6, '{"xa_b":3}'],
    ]);
    expect((await linesOf('{"usage":1}\n{"usage":\n{"x":1}\n', ['"usage"'])).at(-1)).toMatchObject({
      text: '{}',
      line: 3,
    });
  });
});

it('searching bytes finds the objects that reading every line finds', async () => {
  const piece = fc.constantFrom(
    '{"usage":1}',
    '{"a_b":"ü"}',
    '{"x":"\\"usage\\""}',
    '{"usage":',
    'x',
    '',
    ' ',
  );
  const end = fc.constantFrom('\n', '\r\n', ' \n');
  const content = fc.tuple(fc.array(fc.tuple(piece, end)), piece);
  const markers = ['"usage"', '"a_b"'];
  await fc.assert(
    fc.asyncProperty(content, async ([lines, last]) => {
      const text = lines.flat().join('') + last;
      const objects = async (all: AsyncIterable<Line> | Line[]) => collect(jsonLines('f', all, markers));
      const everyLine = text.split('\n').map((line, i) => ({ text: line, line: i + 1 }));
      expect(await objects(await linesOf(text, markers))).toEqual(await objects(everyLine));
    }),
    { numRuns: 1000 },
  );
});
