/** Join files as people write them: read whole, or refused with the lines that are wrong and none of what they say. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../testing/workspace.ts';
import { readAccountFile } from './account-file.ts';

async function read(text: string | Buffer, name = 'accounts.csv') {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, name);
  await writeFile(path, text);
  return await readAccountFile(path);
}
const problems = async (text: string | Buffer, name?: string): Promise<string> =>
  read(text, name).then(
    () => 'no problem',
    (error: Error) => error.message.replaceAll(/\S*\/(accounts\.\w+)/g, '$1'),
  );

describe('a join file', () => {
  it('is a CSV whose columns may stand in any order, or not at all', async () => {
    expect(await read('team,account,country\r\n"search, EU",ada@example.org,de\n,"bob ""b""",\n\n')).toEqual([
      { account: 'ada@example.org', country: 'DE', team: 'search, EU', class: null, line: 2 },
      { account: 'bob "b"', country: null, team: null, class: null, line: 3 },
    ]);
  });

  it('may come from a spreadsheet: with semicolons or tabs, in UTF-16', async () => {
    const bob = { account: 'Müller, Bob', country: 'DE', team: null, class: null, line: 2 };
    expect(await read('account;country\r\nMüller, Bob;DE\r\n')).toEqual([bob]);
    expect(await read(Buffer.from('\ufeffaccount\tcountry\r\nMüller, Bob\tDE\r\n', 'utf16le'))).toEqual([
      bob,
    ]);
    expect(await problems(Buffer.from('account,country\nMüller,DE\n', 'latin1'))).toBe(
      'accounts.csv is not UTF-8',
    );
  });

  it('is a YAML, as a list or by account; words that YAML would read as something else stay words', async () => {
    const list = '- account: ada\n  country: NO\n- account: 007\n  class: Large\n  team: yes\n';
    expect(await read(list, 'accounts.yaml')).toEqual([
      { account: 'ada', country: 'NO', team: null, class: null, line: 1 },
      { account: '007', country: null, team: 'yes', class: 'large', line: 3 },
    ]);
    expect(await read('ada: { country: DE }\n007: { team: x }\n', 'accounts.yml')).toMatchObject([
      { account: 'ada', country: 'DE', line: 1 },
      { account: '007', team: 'x', line: 2 },
    ]);
  });

  it.each([
    ['account,country\nada,DE\nbob,XX\neve,Germany', 'accounts.csv:3: country is no code'],
    ['account,country\nada,UK', 'accounts.csv:2: country is UK: the code of the United Kingdom is GB'],
    ['account,class\nada,\n', 'accounts.csv:2: class is empty'],
    ['account,class\nada,unknown\n', 'accounts.csv:2: class cannot be "unknown"'],
    ['account,team\nada,x\nbob,y\nada,x\n', 'accounts.csv:4: the same account stands in line 2'],
    [
      'account,team,country\nada,x,DE\nada,y,FR\n',
      'accounts.csv:3: the same account stands in line 2 with another country and team',
    ],
    ['account,team\n,x\n', 'accounts.csv:2: account is empty'],
    ['account,team\nada\n', 'accounts.csv:2: 1 values for 2 columns'],
    ['account,salary\nada,1\n', 'accounts.csv:1: 1 columns of other names'],
    ['name,team\nada,1\n', 'accounts.csv:1: there is no column account'],
    ['account\nada\n', 'accounts.csv:1: nothing is stated beside the account'],
    ['account,team\n', 'names no account'],
    ['', 'there is no column account'],
  ])('%j is refused', async (text, problem) => {
    const told = await problems(text);
    expect(told).toContain(problem);
    expect(told).not.toMatch(/ada|bob|Germany|salary/);
  });

  it.each([
    ['- account: ada\n  pay: 3\n', 'accounts.yaml:2: a key of another name'],
    ['- account: [\n', 'this is no YAML'],
    ['- account: { a: 1 }\n  team: x\n', 'accounts.yaml:1: account is no text'],
    ['- ada\n', 'accounts.yaml:1: expected account, country'],
    ['3\n', 'accounts.yaml:1: expected a list'],
  ])('%j is refused as YAML', async (text, problem) => {
    expect(await problems(text, 'accounts.yaml')).toContain(problem);
  });

  it('tells all wrong lines at once, up to a bound', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `a${i},Q${i % 10}`);
    const told = await problems(`account,country\n${lines.join('\n')}`);
    expect(told.split('\n')).toHaveLength(11);
    expect(told).toContain('and 20 more');
  });
});

describe('its CSV', () => {
  it('gives names and teams as they went in, and the lines in which they begin', async () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', '😀'), minLength: 1 });
    const entries = fc.uniqueArray(fc.record({ account: name, team: name }), {
      selector: (e) => e.account.replaceAll(/\r\n?/g, '\n').trim(),
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(entries, async (list) => {
        fc.pre(list.every((e) => e.account.trim() !== ''));
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const lines = list.map((e) => `${quoted(e.account)},${quoted(e.team)}`);
        const found = await read(`account,team\n${lines.join('\n')}`);
        const plain = (text: string) => text.replaceAll(/\r\n?/g, '\n').trim();
        expect(found.map((e) => [e.account, e.team ?? ''])).toEqual(
          list.map((e) => [plain(e.account), plain(e.team)]),
        );
        const linesOf = (row: string) => row.split(/\r\n?|\n/).length;
        expect(found.map((e) => e.line)).toEqual(
          list.map((_, i) => lines.slice(0, i).reduce((sum, row) => sum + linesOf(row), 2)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is read or refused, whatever it is', async () => {
    const any = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r') });
    await fc.assert(
      fc.asyncProperty(any, async (text) => {
        expect(await problems(`account,team\n${text}`)).toMatch(/^no problem$|^accounts\.csv/);
      }),
      { numRuns: 100 },
    );
    expect(await problems('account,team\nada,x\nbob,"y\nz')).toBe(
      'accounts.csv:4: the file ends within quotation marks',
    );
  });
});
