/** Files as they come: empty, cut off, of another encoding, huge. What is good is kept, what is not is named by its line. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cli } from '../../testing/workspace.ts';
import { csvText, jsonLines } from './foreign-files.fixture.ts';
import { refused, tables } from './tables.fixture.ts';

const row = (id: string, more: object = {}) => ({
  request_id: id,
  prompt_tokens: 100,
  completion_tokens: 20,
  startTime: '2026-08-24T21:59:53Z',
  model: 'gpt-4o',
  ...more,
});
const list = JSON.stringify([row('a'), row('b'), row('c')], null, 2);

describe('a table of any form', () => {
  it('that is empty or of another kind fails with its reason', async () => {
    await using t = await tables('litellm');
    const messages = async (name: string, content: string | Buffer) =>
      (await t.import(name, content)).failures.map((f) => f.message).join('\n');
    expect(await messages('empty.json', '')).toMatch(/empty\.json: the file is empty/);
    expect(await messages('blank.csv', '\n\n')).toMatch(/blank\.csv: the file is empty/);
    expect(await messages('cut.parquet', Buffer.from('PAR1abc'))).toMatch(
      /cut\.parquet: this is no whole Parquet file/,
    );
    expect(await messages('other.csv', 'a,b\n1,2\n')).toMatch(
      /other\.csv: no column "startTime".*the file has a, b/,
    );
    expect(await messages('cut.json.gz', gzipSync(list).subarray(0, 60))).toMatch(/cut off or damaged/);
  });

  it('without a header is told so, and nothing of its first row is repeated', async () => {
    await using t = await tables('litellm');
    const values = csvText([row('a', { user: 'ada', messages: 'my secret prompt' })]).split(
      '\n',
    )[1] as string;
    for (const content of [
      `${values}\n${values}\n`,
      'my secret prompt\nand another\n',
      'my secret prompt,it\n',
    ]) {
      const { failures } = await t.import('a.csv', content);
      expect(failures[0]?.message).toMatch(/no column "startTime"/);
      expect(failures[0]?.message).not.toMatch(/secret|ada/);
    }
  });

  it('that has a header, an empty list or an empty page alone gives nothing', async () => {
    await using t = await tables('litellm');
    const header = csvText([row('a')]).split('\n')[0] as string;
    for (const content of [header, `${header}\n`, '[]', ' [ ] ', '{"data": []}', '{\n"data": []\n}'])
      expect(await t.import('none', content)).toMatchObject({ rows: 0, rejected: 0, failures: [] });
  });

  it('that is cut off keeps what is whole', async () => {
    await using t = await tables('litellm');
    const inList = await t.import('a.json', list.slice(0, -30));
    expect(refused(inList)).toEqual(['16: the file ends in the middle of this row']);
    const inLines = await t.import('b.jsonl', jsonLines([row('d'), row('e')]).slice(0, -30));
    expect(refused(inLines)).toEqual(['2: not a JSON object with the mapped fields']);
    expect(await t.rows('id')).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'd' }]);
  });

  it('that breaks off within quotation marks keeps what stands before them', async () => {
    await using t = await tables('litellm');
    const rows = Array.from({ length: 30 }, (_, n) => row(`r${n}`, { metadata: { usage: {} } }));
    const text = csvText([...rows, row('last', { metadata: { note: 'my secret prompt' } })]).trimEnd();
    const summary = await t.import('a.csv', text.slice(0, text.lastIndexOf('secret')));
    expect(summary).toMatchObject({ rows: 30, rejected: 1, failures: [] });
    expect(refused(summary)).toEqual([expect.stringMatching(/^32: a quoted value .* is not closed/)]);
  });

  it('with other things between its rows names each', async () => {
    await using t = await tables('litellm');
    const wrong = [
      row('a'),
      5,
      'text',
      null,
      [row('b')],
      row('c', { prompt_tokens: { n: 1 } }),
      row('d', { startTime: 'soon' }),
      row('e'),
    ];
    const summary = await t.import('a.json', `[\n${wrong.map((w) => JSON.stringify(w)).join(',\n')}\n]`);
    expect(summary).toMatchObject({ rows: 2, rejected: 6 });
    expect(refused(summary)).toEqual([
      '3: not a JSON object',
      '4: not a JSON object',
      '5: not a JSON object',
      '6: not a JSON object',
      '7: promptTokens: expected a whole number that is not negative, got a text of 7 characters',
    ]);
  });

  it('has its columns in any order and number, and times of any zone', async () => {
    await using t = await tables('litellm');
    await t.import(
      'a.csv',
      csvText([
        {
          more: 'x',
          model: 'm',
          startTime: '2026-08-24T23:59:53+02:00',
          completion_tokens: 1,
          prompt_tokens: 2,
          request_id: 'a',
        },
      ]),
    );
    await t.import(
      'b.json',
      JSON.stringify([
        {
          model: 'm',
          request_id: 'b',
          startTime: '2026-08-24 21:59:53',
          completion_tokens: 1,
          prompt_tokens: 2,
          zz: {},
        },
      ]),
    );
    expect(await t.rows('id, created_at')).toEqual(
      ['a', 'b'].map((id) => ({ id, created_at: '2026-08-24 21:59:53' })),
    );
  });

  it('is read in UTF-16, with a byte order mark, packed, and from standard input', async () => {
    await using t = await tables('litellm');
    const wide = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
    await t.import('a.csv', wide(csvText([row('a')])));
    await t.import('b.json', wide(JSON.stringify([row('b')])));
    await t.import('c.jsonl', `\ufeff${jsonLines([row('c')])}`);
    await t.import('d.json', `\ufeff${JSON.stringify([row('d')], null, 1)}`);
    await t.import('e.csv', `\ufeff${csvText([row('e')])}`);
    await t.import('f.json.gz', gzipSync(JSON.stringify({ data: [row('f')] })));
    const piped = await cli(
      ['import', 'litellm', '-', '--dataset', 'd', '--data', t.warehouse.dataDir],
      JSON.stringify([row('g')]),
    );
    expect(piped.stderr).toContain('1 rows into d');
    expect(await t.rows('id')).toEqual([...'abcdefg'].map((id) => ({ id })));
  });

  it('in another encoding is read, without the rows whose names cannot be told', async () => {
    await using t = await tables('litellm');
    const more = (user: string, end_user: string) => ({
      spend: 1,
      user,
      metadata: '{}',
      end_user,
      status: 'success',
    });
    const rows = [
      row('a', more('ada', '')),
      row('b', more('ada', 'Müller')),
      row('c', more('Müller', '')),
      row('d', { ...more('Möller', ''), prompt_tokens: -1 }),
      row('e', { ...more('ada', ''), metadata: '{"alias": "Ä"}' }),
    ];
    const wrong = [
      '4: account: not UTF-8',
      '5: promptTokens: expected a whole number that is not negative, got "-1"; account: not UTF-8',
    ];
    const csv = Buffer.from(csvText(rows), 'latin1');
    expect(refused(await t.import('a.csv', csv))).toEqual(wrong);
    expect(await t.rows('id')).toEqual([...'abe'].map((id) => ({ id })));
    expect(refused(await t.import('a.csv.gz', gzipSync(csv)))).toEqual(wrong);
    for (const text of [
      jsonLines(rows.slice(1, 3)),
      `[${rows
        .slice(1, 3)
        .map((r) => JSON.stringify(r))
        .join(',\n')}]`,
    ])
      expect(refused(await t.import('a.json', Buffer.from(text, 'latin1')))).toEqual([
        '1: not UTF-8',
        '2: not UTF-8',
      ]);
    // The engine has survived it.
    expect(await t.import('b.csv', csvText([row('f', more('Müller', ''))]))).toMatchObject({
      rows: 1,
      failures: [],
    });
  });

  it('may have huge rows of JSON; a huge line of a CSV is left out', async () => {
    await using t = await tables('litellm');
    const messages = 'x'.repeat(9 << 20);
    await t.import('a.json', JSON.stringify([row('a', { messages })]));
    await t.import('b.jsonl', jsonLines([row('b', { messages }), row('c')]));
    expect(
      refused(await t.import('d.csv', csvText([row('d', { messages }), row('e', { messages: '' })]))),
    ).toEqual(['2: the line is longer than 2 MiB']);
    expect(await t.rows('id')).toEqual([...'abce'].map((id) => ({ id })));
  });

  it('keeps the digits of long numbers', async () => {
    await using t = await tables('litellm');
    const ids = ['12345678901234567891', '12345678901234567892'];
    await t.import('a.json', `[${ids.map((id) => JSON.stringify(row('ID')).replace('"ID"', id)).join(',')}]`);
    expect(await t.rows('id')).toEqual(ids.map((id) => ({ id })));
  });

  it('keeps quotes, line breaks and brackets in texts from breaking rows', async () => {
    await using t = await tables('litellm');
    const messages = 'a "quoted"\n[text] {with} \\" everything, \r\n';
    await t.import('a.json', JSON.stringify([row('a', { messages }), row('b')], null, '\t'));
    const summary = await t.import(
      'c.csv',
      csvText([row('c', { messages }), row('d', { messages, prompt_tokens: 'x' })]),
    );
    expect(refused(summary)[0]).toMatch(/^5: promptTokens/);
    expect(await t.rows('id')).toEqual([...'abc'].map((id) => ({ id })));
  });
});
