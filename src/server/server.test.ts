/** The HTTP face as a client meets it: records in, exhibits out, and clear answers to bad requests. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetInfo, ExhibitResult } from '../exhibits/contract.ts';
import { cli, temporaryDirectory } from '../testing/workspace.ts';
import { buildServer } from './server.ts';

let server: FastifyInstance;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
  server = await buildServer({ dataDir: join(directory.path, 'data'), adminSecret: null });
});
afterAll(async () => {
  await server.close();
  await directory[Symbol.asyncDispose]();
});

const record = (id: string, change = {}) => ({
  id,
  createdAt: '2026-03-02T10:00:00Z',
  model: 'openai/gpt-5',
  promptTokens: 100,
  completionTokens: 10,
  account: 'ada@example.org',
  ...change,
});
const get = async <T>(url: string): Promise<T> => (await server.inject({ url })).json<T>();

describe('ingest', () => {
  it('acknowledges good records, names bad ones, and shows them within seconds, each once', async () => {
    const send = (body: unknown) =>
      server.inject({ method: 'POST', url: '/stats/v1/generations?dataset=web', payload: body as object });
    const first = await send([record('a'), record('b'), record('c', { promptTokens: -1 }), 7]);
    expect(first.json()).toEqual({
      accepted: 2,
      rejected: [
        { index: 2, reasons: [expect.stringContaining('promptTokens is -1')] },
        { index: 3, reasons: [expect.stringContaining('expected an object')] },
      ],
    });
    const lines = await server.inject({
      method: 'POST',
      url: '/stats/v1/generations?dataset=web',
      headers: { 'content-type': 'application/x-ndjson' },
      payload: `${JSON.stringify(record('b'))}\n{"cut":\n${JSON.stringify(record('d'))}\n`,
    });
    expect(lines.json()).toMatchObject({ accepted: 2, rejected: [{ index: 1 }] });
    let info: DatasetInfo | undefined;
    for (let i = 0; i < 120 && info?.requests !== 3; i++) {
      await sleep(250);
      info = (await get<{ datasets: DatasetInfo[] }>('/stats/v1/datasets')).datasets.find(
        (d) => d.name === 'web',
      );
    }
    expect(info).toMatchObject({
      requests: 3,
      tokens: 330,
      fields: expect.objectContaining({ account: 1, cost: 0 }),
    });
  }, 30_000);

  it('sees what another process imports, without a restart', async () => {
    const csv = 'date,model_permaslug,total_tokens\n2026-03-02,openai/gpt-5,500\n';
    const ran = await cli(
      ['import', 'openrouter-rankings', '-', '--dataset', 'other', '--data', join(directory.path, 'data')],
      csv,
    );
    expect(ran.code, ran.stderr).toBe(0);
    const { rows } = await get<ExhibitResult>('/stats/v1/exhibits/F2?dataset=other');
    expect(rows).toEqual([
      { period: '2026-03-02', series: 'closed', value: 500, requests: null, partial: true },
    ]);
  });
});

describe('exhibits', () => {
  it('come as JSON, CSV, SVG and SQL, in both languages', async () => {
    const chinese = await get<ExhibitResult>('/stats/v1/exhibits/F1?dataset=other&lang=zh');
    expect(chinese.title).toBe('开源与闭源模型');
    expect((await server.inject('/stats/v1/exhibits/F1/csv?dataset=other')).body).toContain(
      'period,series,value,requests,partial',
    );
    expect((await server.inject('/stats/v1/exhibits/F1/svg?dataset=other&theme=dark')).body).toMatch(/^<svg/);
    expect((await server.inject('/stats/v1/exhibits/F1/sql?dataset=other')).body).toContain(
      'CREATE OR REPLACE TEMP VIEW',
    );
  });

  it('come as a CSV for Excel, or for machines', async () => {
    const csv = async (query: string) =>
      (await server.inject(`/stats/v1/exhibits/F1/csv?dataset=other${query}`)).rawPayload;
    const plain = await csv('');
    expect(plain.subarray(0, 6).toString()).toBe('period');
    expect(await csv('&bom=true')).toEqual(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain]));
  });

  it('say which values of a filter occur, the most used first, with their names', async () => {
    const values = async (key: string) =>
      (
        await get<{ values: { value: string; label: string; tokens: number }[] }>(
          `/stats/v1/datasets/web/values?key=${key}`,
        )
      ).values;
    expect(await values('author')).toEqual([{ value: 'openai', label: 'OpenAI', tokens: 330 }]);
    expect(await values('model')).toEqual([
      { value: 'openai/gpt-5', label: expect.stringMatching(/GPT-5/), tokens: 330 },
    ]);
    expect(await values('provider')).toEqual([{ value: 'unknown', label: 'unknown', tokens: 330 }]);
  });

  it('say which value of a filter occurs nowhere, also beside one that does', async () => {
    const notes = async (where: string) =>
      (await get<{ notes: string[] }>(`/stats/v1/exhibits/F1?dataset=web&${where}`)).notes.join(' ');
    expect(await notes('where=author%3Dopenia&where=author%3DOpenAI')).toContain(
      'No author of this dataset is called “openia”. There are, for example, openai.',
    );
    expect(await notes('where=author%3DOpenAI&where=provider%3Dunknown')).not.toContain('is called');
  });

  it('do not say so of a value without a token', async () => {
    const csv =
      'date,model_permaslug,total_tokens\n2026-03-02,openai/gpt-5,500\n2026-03-02,qwen/qwen3-8b,0\n';
    const data = join(directory.path, 'data');
    await cli(['import', 'openrouter-rankings', '-', '--dataset', 'zero', '--data', data], csv);
    const { notes } = await get<ExhibitResult>('/stats/v1/exhibits/F1?dataset=zero&where=author%3Dqwen');
    expect(notes.join(' ')).not.toContain('is called');
  });

  it.each([
    ['/stats/v1/datasets/web/values?key=secret', 400, 'bad_filter'],
    ['/stats/v1/datasets/nothere/values?key=author', 404, 'no_dataset'],
    ['/stats/v1/exhibits/F99?dataset=other', 404, 'unknown_exhibit'],
    ['/stats/v1/exhibits/F1?dataset=nothere', 404, 'no_dataset'],
    ['/stats/v1/exhibits/F1?dataset=../../etc', 400, 'bad_dataset'],
    ['/stats/v1/exhibits/F1?dataset=other&grain=year', 400, 'bad_grain'],
    ['/stats/v1/exhibits/F1?dataset=other&from=2026-02-30', 400, 'bad_date'],
    ['/stats/v1/exhibits/F1?dataset=other&from=2026-03-09&to=2026-03-01', 400, 'bad_date'],
    ['/stats/v1/exhibits/F1?dataset=other&where=secret%3D1', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&where=region%3Dmars', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&where=country%3DGermany', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&where=byok%3Dmaybe', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&where=app%3Da%00b', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&where=model%3D', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&where=model', 400, 'bad_filter'],
    ['/stats/v1/exhibits/F1?dataset=other&were=open%3Dtrue', 400, 'bad_parameter'],
    ['/stats/v1/exhibits/F1/csv?dataset=other&form=2026-03-01', 400, 'bad_parameter'],
    ['/stats/v1/exhibits/F1?dataset=other&lang=fr', 400, 'bad_parameter'],
    ['/stats/v1/exhibits/F1/svg?dataset=other&theme=blue', 400, 'bad_parameter'],
    ['/stats/v1/exhibits/F1/csv?dataset=other&bom=yes', 400, 'bad_parameter'],
    ['/stats/v1/readings/category-shares?dataset=other&grian=week', 400, 'bad_parameter'],
    ['/nowhere', 404, 'not_found'],
  ])('%s is answered %i %s, with a next step', async (url, status, code) => {
    const response = await server.inject(url);
    expect(response.statusCode).toBe(status);
    expect(response.json().error).toMatchObject({
      code,
      message: expect.any(String),
      next: expect.stringMatching(/./),
    });
  });

  it('a quote in a filter is a value, not SQL', async () => {
    const result = await get<ExhibitResult>(
      `/stats/v1/exhibits/F1?dataset=other&where=${encodeURIComponent("model=x' OR 1=1; DROP VIEW models --")}`,
    );
    expect(result.rows).toEqual([]);
    expect(result.notes).toEqual([
      expect.stringMatching(
        /^No model of this dataset is called “x' OR 1=1; DROP VIEW models --”\. There are/,
      ),
      'Nothing in this selection belongs here. Widen the time range or remove a filter.',
    ]);
  });
});

it('a page that is not there leads people to the report and tells programs so', async () => {
  const asked = (headers: Record<string, string>) =>
    server.inject({ method: 'GET', url: '/nowhere&more?x=1', headers });
  const page = await asked({ accept: 'text/html,*/*' });
  expect(page.statusCode).toBe(404);
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.body).toContain('There is no page /nowhere&amp;more.');
  expect(page.body).toContain('<a href="/">To the report</a>');
  const zh = await asked({ accept: 'text/html', 'accept-language': 'zh-CN,zh;q=0.9' });
  expect(zh.body).toContain('前往报告');
  expect((await asked({ accept: '*/*' })).json().error.code).toBe('not_found');
});

it('an import cannot be started from another site', async () => {
  const response = await server.inject({
    method: 'POST',
    url: '/stats/v1/offers/codex/import',
    headers: { origin: 'https://evil.example', host: 'localhost:4141' },
  });
  expect(response.statusCode).toBe(403);
});

it.each([
  ['GET', '/api/v1/key'],
  ['GET', '/api/v1/credits'],
  ['GET', '/api/v1/activity'],
  ['GET', '/api/v1/keys'],
  ['POST', '/api/v1/keys'],
] as const)('%s %s of an open server is not for pages of other sites', async (method, url) => {
  // A name of theirs that stands for this machine makes their page one of the same origin.
  const ask = (headers: Record<string, string>) =>
    server.inject({ method, url, headers, ...(method === 'POST' ? { payload: { name: 'theirs' } } : {}) });
  expect((await ask({ host: 'evil.example:4141' })).statusCode).toBe(403);
  expect((await ask({ host: 'localhost:4141', origin: 'https://evil.example' })).statusCode).toBe(403);
  if (method === 'GET') expect((await ask({ host: 'localhost:4141' })).statusCode).toBe(200);
});

it('with an admin secret, everybody must show it', async () => {
  await using other = await temporaryDirectory();
  const guarded = await buildServer({ dataDir: other.path, adminSecret: 's3cret' });
  expect((await guarded.inject('/stats/v1/datasets')).statusCode).toBe(401);
  expect(
    (await guarded.inject({ url: '/stats/v1/datasets', headers: { authorization: 'Bearer wrong' } }))
      .statusCode,
  ).toBe(401);
  expect(
    (await guarded.inject({ url: '/stats/v1/datasets', headers: { authorization: 'Bearer s3cret' } }))
      .statusCode,
  ).toBe(200);
  await guarded.close();
});

it('behind an admin secret, the page to log in on is reached without it, and nothing that it shows', async () => {
  await using other = await temporaryDirectory();
  const guarded = await buildServer({ dataDir: other.path, adminSecret: 's3cret' });
  // Not refused; whether there is a page depends on it being built.
  expect((await guarded.inject('/admin')).statusCode).not.toBe(401);
  const session = async (cookie = '') =>
    (await guarded.inject({ url: '/stats/v1/admin/session', headers: { cookie } })).json();
  expect(await session()).toEqual({ needsLogin: true, isAdmin: false, isOpen: false });
  for (const path of ['status', 'accounts', 'keys', 'usage?by=day', 'gateway', 'traffic', 'traffic/events']) {
    const refused = await guarded.inject(`/stats/v1/admin/${path}`);
    expect(refused.statusCode, path).toBe(401);
    // The page has a form: the browser is not to ask with one of its own.
    expect(refused.headers['www-authenticate'], path).toBeUndefined();
  }
  const login = (secret: string, remoteAddress = '192.0.2.1') =>
    guarded.inject({ method: 'POST', url: '/stats/v1/admin/login', payload: { secret }, remoteAddress });
  expect((await login('guess')).statusCode).toBe(401);
  const cookie = String((await login('s3cret')).headers['set-cookie']).split(';')[0] ?? '';
  expect(await session(cookie)).toMatchObject({ isAdmin: true });
  expect(
    (await guarded.inject({ url: '/stats/v1/admin/gateway', headers: { cookie } })).json(),
  ).toMatchObject({ inFlight: 0, recordsWaiting: 0, recordsLost: 0, trouble: null });
  // A stranger who guesses is stopped, and does not lock the admin out.
  for (let i = 0; i < 45; i++) await login(`guess ${i}`, '192.0.2.2');
  expect((await login('guess', '192.0.2.2')).statusCode).toBe(429);
  expect((await login('s3cret')).statusCode).toBe(200);
  await guarded.close();
});

it('whoever watches the traffic hears of the state at once, and of each request as it ends', async () => {
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  const stop = new AbortController();
  const response = await fetch(`${url}/stats/v1/admin/traffic/events`, { signal: stop.signal });
  let heard = '';
  const hear = async (what: RegExp) => {
    while (!what.test(heard)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended after ${heard}`);
      heard += new TextDecoder().decode(value);
    }
  };
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await hear(/event: state\ndata: {"inFlight":0,"recordsWaiting":0,"recordsLost":0,"trouble":null}\n/);
  const ask = { model: 'stateai/sandbox', messages: [{ role: 'user', content: 'Hello' }] };
  await fetch(`${url}/api/v1/chat/completions`, { method: 'POST', body: JSON.stringify(ask) });
  await hear(/event: generation\ndata: {.*"model":"stateai\/sandbox".*}\n/);
  stop.abort();
});

it('refuses to listen beyond this machine without a secret', async () => {
  const ran = await cli(['start', '--host', '0.0.0.0', '--port', '0', '--data', directory.path], '', {
    STATEAI_ADMIN_SECRET: '',
  });
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('STATEAI_ADMIN_SECRET');
});
