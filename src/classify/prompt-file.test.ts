import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../testing/workspace.ts';
import { type FilePrompt, readPrompts } from './prompt-file.ts';

async function read(name: string, content: string | Buffer) {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, name);
  await writeFile(path, content);
  const prompts: FilePrompt[] = [];
  for await (const prompt of readPrompts(path)) prompts.push(prompt);
  return prompts;
}

const TWO = [
  { line: 1, text: 'write a poem' },
  { line: 3, text: 'schöne Grüße' },
];

describe('text', () => {
  const text = 'write a poem\r\n\r\nschöne Grüße\r\n';
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['gzip', gzipSync(text)],
  ])('is read as %s', async (_, bytes) => expect(await read('prompts.txt', bytes)).toEqual(TWO));

  it('is UTF-8 although a character is cut where one stops looking', async () => {
    for (const shift of ['', 'a', 'ab'])
      expect(await read('long.txt', `${shift}${'汉'.repeat(50_000)}`)).toHaveLength(1);
  });

  it.each([
    ['latin1', Buffer.from('schöne Grüße', 'latin1'), /not UTF-8/],
    ['bytes', Buffer.from([1, 2, 0, 3]), /no text/],
    ['half of a gzip file', gzipSync(text).subarray(0, 25), /no whole gzip/],
  ])('is not %s', async (_, bytes, message) => {
    await expect(read('prompts.txt', bytes)).rejects.toThrow(message);
  });
});

describe('JSON', () => {
  it('has prompts where requests have them, and a system prompt is none', async () => {
    const rows = [
      { text: 'as text' },
      { messages: [{ role: 'system', content: 'be kind' }] },
      {
        messages: [
          { role: 'system', content: 'be kind' },
          { role: 'user', content: 'as chat' },
        ],
      },
      { input: 'as responses' },
      { prompt: 'as completions' },
      {
        custom_id: '1',
        body: { messages: [{ role: 'user', content: [{ type: 'text', text: 'in a batch' }] }] },
      },
      { other: 'secret' },
      'as a string',
    ];
    const found = await read('prompts.jsonl', `\uFEFF${rows.map((r) => JSON.stringify(r)).join('\n')}`);
    expect(found.map((f) => f.text)).toEqual([
      'as text',
      null,
      'as chat',
      'as responses',
      'as completions',
      'in a batch',
      null,
      'as a string',
    ]);
  });

  it.each([
    JSON.stringify([{ text: 'secret' }]),
    JSON.stringify([{ text: 'secret' }], null, 2),
    JSON.stringify({ text: 'secret' }, null, 2),
    '[{\n"text": "secret"}]',
  ])('over several lines, or as a list, is refused: %j', async (json) => {
    await expect(read('prompts.json', json)).rejects.toThrow(/one JSON value/);
  });

  it('may be nested without end', async () => {
    const deep = (open: string, close: string) => `${open.repeat(20_000)}1${close.repeat(20_000)}`;
    const lines = [deep('{"body":', '}'), `{"messages":${deep('[', ']')}}`, 'a poem'];
    expect((await read('p.txt', `first\n${lines.join('\n')}`)).map((f) => f.text)).toEqual([
      'first',
      null,
      null,
      'a poem',
    ]);
  });

  it('is not every line with a bracket', async () => {
    expect(await read('p.txt', '[INST] a poem\n[1, 2] is what?\n{name}, hello')).toHaveLength(3);
  });
});

describe('a table', () => {
  it('has prompts in a column, also over several lines', async () => {
    const table = '"time","Prompt"\r\n1,"a, b"\r\n2,"two\nlines"\r\n3,\r\n4,last\r\n';
    expect(await read('prompts.csv', table)).toEqual([
      { line: 2, text: 'a, b' },
      { line: 3, text: 'two\nlines' },
      { line: 6, text: 'last' },
    ]);
    expect(await read('prompts.tsv', 'text\ttime\na, b\t1\n')).toEqual([{ line: 2, text: 'a, b' }]);
  });

  it('says what is wrong with it, and nothing of what it holds', async () => {
    await expect(read('prompts.csv', 'question\nsecret\n')).rejects.toThrow(/no column "text" or "prompt"/);
    const error = await read('prompts.csv', 'text\nfine\n"secret').catch((e) => e);
    expect(error).toMatchObject({ code: 'bad_file', message: expect.stringMatching(/line 3/) });
    expect(String(error)).not.toContain('secret');
  });
});
