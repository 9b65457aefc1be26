/** HTTP ingest as a sender meets it. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../generation/generation.ts';
import { type Doors, openDoors } from './doors.fixture.ts';

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

const record = (id: string, change = {}) =>
  JSON.stringify({
    id,
    createdAt: '2026-03-02T10:00:00Z',
    model: 'openai/gpt-5',
    promptTokens: 100,
    ...change,
  });
const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  doors.app.inject({
    method: 'POST',
    url: '/stats/v1/generations',
    payload,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });

describe('lines', () => {
  it('with a byte order mark, CRLF, empty lines and no line break at the end', async () => {
    const body = `\uFEFF${record('a')}\r\n\r\n  \n${record('b')}\n\n${record('c')}`;
    expect((await post(body)).json()).toEqual({ accepted: 3, rejected: [] });
    expect(await doors.ids()).toEqual(['a', 'b', 'c']);
  });

  it('one bad among good ones is named with its line, and the good ones are kept', async () => {
    const body = [record('d'), '', '{"cut":', record('e', { cost: -1, model: 7 }), '7', record('f')].join(
      '\r\n',
    );
    const response = await post(body);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      accepted: 2,
      rejected: [
        { index: 1, line: 3, reasons: ['the line is not JSON'] },
        {
          index: 2,
          line: 4,
          reasons: [expect.stringContaining('model is'), expect.stringContaining('cost is -1')],
        },
        { index: 3, line: 5, reasons: [expect.stringContaining('expected an object')] },
      ],
    });
    expect(await doors.counts()).toMatchObject([
      {
        door: 'http',
        rejected: 3,
        reasons: expect.arrayContaining([{ reason: 'the line is not JSON', count: 1 }]),
      },
    ]);
  });

  it('in another encoding are named, as a list is refused: names would become one', async () => {
    const [good, bad] = [record('u1'), record('u2', { account: 'Müller' })];
    expect((await post(Buffer.from(`${good}\n${bad}`, 'latin1'))).json()).toEqual({
      accepted: 1,
      rejected: [{ index: 1, line: 2, reasons: ['the line is not UTF-8'] }],
    });
    const list = await post(Buffer.from(`[${good},${bad}]`, 'latin1'));
    expect([list.statusCode, list.json().error.message]).toEqual([400, 'The body is not UTF-8']);
    expect((await post(record('u2', { account: 'M\ufffdller' }))).json().accepted).toBe(1);
  });

  it('none of which is good are answered 400', async () => {
    expect((await post('x\ny\n')).statusCode).toBe(400);
  });

  it('come packed as well, and are bounded when unpacked', async () => {
    for (const coding of ['GZIP', 'x-gzip', ' gzip '])
      expect((await post(gzipSync(record('p0')), { 'content-encoding': coding })).statusCode).toBe(200);
    const gzip = { 'content-encoding': 'gzip' };
    expect((await post(gzipSync(record('g')), gzip)).json()).toMatchObject({ accepted: 1 });
    expect((await post(gzipSync(Buffer.alloc(100 << 20)), gzip)).statusCode).toBe(413);
    expect((await post('x', { 'content-encoding': 'deflate' })).statusCode).toBe(415);
  });
});

describe('JSON', () => {
  const json = { 'content-type': 'application/json' };
  it('as a list, as one object over several lines, and as a list that is called lines', async () => {
    expect((await post(`[${record('h')}, ${record('i')}]`, json)).json()).toEqual({
      accepted: 2,
      rejected: [],
    });
    const pretty = JSON.stringify(JSON.parse(record('j')), null, 2);
    expect((await post(pretty, json)).json()).toEqual({ accepted: 1, rejected: [] });
    expect((await post(`[${record('k')}]`)).json()).toEqual({ accepted: 1, rejected: [] });
    expect((await post(`${record('l')}\n${record('m')}`, json)).json()).toEqual({
      accepted: 2,
      rejected: [],
    });
  });

  it.each([
    ['', 400],
    ['[', 400],
    ['hello', 400],
  ])('%j is refused', async (body, status) => {
    const response = await post(body, json);
    expect([response.statusCode, response.body.includes('hello')]).toEqual([status, false]);
  });

  it.each<[string, string, string]>([
    ['lines of nothing but a number', 'application/x-ndjson', '7\n'.repeat(20 << 20)],
    ['empty lines', 'application/x-ndjson', `${'\n'.repeat(60 << 20)}7`],
    ['empty objects', 'application/json', `[${'{},'.repeat(20 << 20)}{}]`],
    ['lists in lists', 'application/json', '['.repeat(40 << 20)],
  ])('of %s without end keeps nobody waiting', async (_name, type, body) => {
    const response = await post(gzipSync(body), { 'content-encoding': 'gzip', 'content-type': type });
    expect([response.statusCode, response.json().error?.code]).toEqual([413, 'too_large']);
  });

  it('with many that are wrong lists the first and counts all', async () => {
    const { rejected, rejectedTotal } = (await post('7\n'.repeat(5000))).json();
    expect([rejected.length, rejectedTotal]).toEqual([1000, 5000]);
  });

  it('gives the variant behind a model’s name its place', async () => {
    const body = [
      record('v1', { model: 'Qwen/Qwen3:free' }),
      record('v2', { model: 'qwen/qwen3:free', variant: 'thinking' }),
      record('v3', { model: 'llama3:8b' }),
    ];
    const stored: Generation[] = [];
    await using own = await openDoors({
      append: async (_store, records) => {
        stored.push(...records);
      },
    });
    await own.app.inject({
      method: 'POST',
      url: '/stats/v1/generations',
      payload: body.join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(stored.map(({ model, variant }) => [model, variant])).toEqual([
      ['qwen/qwen3', 'free'],
      ['qwen/qwen3:free', 'thinking'],
      ['llama3:8b', null],
    ]);
  });

  it('takes no text for a language', async () => {
    const response = await post(record('l1', { language: 'my secret prompt' }));
    expect(response.json()).toMatchObject({
      rejected: [
        {
          reasons: ['language is a string of 16 characters: expected a language tag (BCP 47) such as pt-BR'],
        },
      ],
    });
    const tags = ['de', 'pt-BR', 'zh_Hans', 'en-x-pirate', 'yue'];
    const good = tags.map((language, i) => record(`l${i + 2}`, { language }));
    expect((await post(good.join('\n'))).json()).toMatchObject({ accepted: tags.length });
  });

  it('of another type is refused', async () => {
    expect((await post('x', { 'content-type': 'application/xml' })).statusCode).toBe(415);
  });
});
