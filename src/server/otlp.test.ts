/** OTLP/HTTP as a sender meets it. */
import { gzipSync } from 'node:zlib';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccounts } from '../accounts/accounts.ts';
import { asJson, asProtobuf, type SentSpan } from '../bench/otlp-spans.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Generation } from '../generation/generation.ts';
import { type Doors, openDoors } from './doors.fixture.ts';

const now = Date.now();
const chat = (n: number, attributes: SentSpan['attributes'] = {}): SentSpan => ({
  traceId: 'a'.repeat(32),
  spanId: n.toString(16).padStart(16, '0'),
  name: 'chat m',
  start: now,
  end: now + 100,
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'openai/gpt-5',
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
    ...attributes,
  },
});
const idOf = (n: number): string => `otlp:${'a'.repeat(32)}:${n.toString(16).padStart(16, '0')}`;
const scopes = (...spans: SentSpan[]) => [{ resource: { 'service.name': 'app' }, scope: 'x', spans }];

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const post = (
  { app }: Doors,
  payload: Buffer | string,
  headers: Record<string, string> = JSON_TYPE,
  url = '/v1/traces',
  method: 'POST' | 'PUT' = 'POST',
) => app.inject({ method, url, payload, headers });

describe('a request', () => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await openDoors();
  });
  afterAll(() => doors[Symbol.asyncDispose]());

  it('is acknowledged when its records are in the journal, in the encoding that it came in', async () => {
    const json = await post(doors, asJson(scopes(chat(1))));
    expect([json.statusCode, json.headers['content-type'], json.body]).toEqual([
      200,
      'application/json',
      '{}',
    ]);
    const protobuf = await post(doors, gzipSync(asProtobuf(scopes(chat(2)))), {
      ...PROTOBUF,
      'content-encoding': 'gzip',
    });
    expect([protobuf.statusCode, protobuf.headers['content-type'], protobuf.rawPayload.length]).toEqual([
      200,
      'application/x-protobuf',
      0,
    ]);
    await post(doors, asJson(scopes(chat(3))), JSON_TYPE, '/api/public/otel/v1/traces');
    await post(doors, asJson(scopes(chat(4))), JSON_TYPE, '/v1/traces', 'PUT');
    expect(await doors.ids()).toEqual([1, 2, 3, 4].map(idOf));
  });

  it('with generations that cannot be used says how many, and why', async () => {
    const bad = scopes(
      chat(5),
      chat(6, { 'gen_ai.request.model': '' }),
      chat(7, { 'gen_ai.request.model': '' }),
    );
    expect((await post(doors, asJson(bad))).json()).toEqual({
      partialSuccess: {
        rejectedSpans: '2',
        errorMessage: expect.stringMatching(/no model is named.*\(2\)/),
      },
    });
    const { rawPayload } = await post(doors, asProtobuf(bad), PROTOBUF);
    const reader = new BinaryReader(rawPayload);
    expect(reader.uint32()).toBe((1 << 3) | 2);
    reader.uint32();
    expect([reader.uint32(), Number(reader.int64()), reader.uint32(), reader.string()]).toEqual([
      (1 << 3) | 0,
      2,
      (2 << 3) | 2,
      expect.stringContaining('no model is named'),
    ]);
    expect(await doors.counts()).toMatchObject([
      { door: 'otlp', rejected: 4, reasons: [{ count: 4 }], newest: now },
    ]);
  });

  it.each<[string, Buffer | string, Record<string, string>]>([
    ['the test of a connection', '', { 'x-test-connection': 'true' }],
    [
      'the test of a connection with a body',
      '{"resourceSpans":[]}',
      { ...JSON_TYPE, 'x-test-connection': 'true' },
    ],
    ['an empty object', '{}', JSON_TYPE],
    ['an empty list', '{"resourceSpans":[]}', JSON_TYPE],
    ['no body', '', JSON_TYPE],
    ['an empty message', '', PROTOBUF],
  ])('%s is answered 200', async (_name, body, headers) => {
    for (const method of ['POST', 'PUT'] as const)
      expect((await post(doors, body, headers, '/v1/traces', method)).statusCode).toBe(200);
  });

  it.each<[string, number, Buffer | string, Record<string, string>]>([
    ['an unknown type', 415, 'x', { 'content-type': 'text/plain' }],
    ['an unknown encoding', 415, 'x', { ...JSON_TYPE, 'content-encoding': 'br' }],
    ['damaged gzip', 400, 'not gzip', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    [
      'gzip that is cut off',
      400,
      gzipSync(Buffer.alloc(1e5)).subarray(0, 50),
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
    ],
    ['a gzip bomb', 413, gzipSync(Buffer.alloc(200 << 20)), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ['no JSON', 400, '{"resourceSpans":', JSON_TYPE],
    ['no protobuf', 400, 'hello', PROTOBUF],
    ['too large a body', 413, Buffer.alloc((64 << 20) + 1), PROTOBUF],
  ])('%s is answered %i with a Status', async (_name, status, body, headers) => {
    const response = await post(doors, body, headers);
    expect(response.statusCode).toBe(status);
    if (headers['content-type'] === PROTOBUF['content-type']) {
      expect(response.headers['content-type']).toBe('application/x-protobuf');
      const reader = new BinaryReader(response.rawPayload);
      expect([reader.uint32(), reader.int32(), reader.uint32(), reader.string()]).toEqual([
        1 << 3,
        expect.any(Number),
        (2 << 3) | 2,
        expect.stringMatching(/\./),
      ]);
    } else
      expect(response.json()).toEqual({ code: expect.any(Number), message: expect.stringMatching(/\./) });
  });

  it('to a dataset that cannot be is refused', async () => {
    expect(
      (await post(doors, asJson(scopes(chat(1))), JSON_TYPE, '/v1/traces?dataset=../x')).statusCode,
    ).toBe(400);
  });

  it('of a page of another site is refused', async () => {
    const headers = { ...JSON_TYPE, origin: 'https://example.org' };
    expect((await post(doors, '{}', headers)).statusCode).toBe(403);
  });
});

describe('back-pressure', () => {
  it.each([
    ['overloaded', 503],
    ['disk_full', 503],
    ['dataset_in_use', 409],
  ])('a journal that is %s: %i', async (code, status) => {
    await using doors = await openDoors({
      append: () => Promise.reject(new StateaiError(code, 'It is so', 'Wait.')),
    });
    const response = await post(doors, asProtobuf(scopes(chat(1))), PROTOBUF);
    expect(response.statusCode).toBe(status);
    expect(response.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
  });

  it('more requests than can be taken in: 429, and the others are answered', async () => {
    let go: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    await using doors = await openDoors({ append: () => waiting, intake: { mostRequests: 2 } });
    const two = [post(doors, asJson(scopes(chat(1)))), post(doors, asJson(scopes(chat(2))))];
    await new Promise((resolve) => setImmediate(resolve));
    const third = await post(doors, asJson(scopes(chat(3))));
    expect([third.statusCode, third.headers['retry-after']]).toEqual([429, '1']);
    go();
    expect((await Promise.all(two)).map((r) => r.statusCode)).toEqual([200, 200]);
    expect((await post(doors, asJson(scopes(chat(3))))).statusCode).toBe(200);
  });

  it('more bytes than can be held: 503', async () => {
    await using doors = await openDoors({ intake: { mostBytes: 1000 } });
    const response = await post(doors, Buffer.alloc(2000), PROTOBUF);
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect((await post(doors, '{}')).statusCode).toBe(200);
  });
});

describe('the sample', () => {
  const withText = {
    'gen_ai.input.messages': JSON.stringify([
      {
        role: 'user',
        parts: [{ type: 'text', content: 'Wie schreibe ich eine Funktion, die Listen sortiert?' }],
      },
    ]),
  };
  const classifier = (classify: (texts: readonly string[]) => Promise<Generation['labels'][]>) => ({
    settings: () => ({ rate: 0.5, exceptApps: [] }),
    classifier: () => ({ id: 'test@1', batch: 2, classify }),
    random: () => 0.4,
  });

  it('takes those with text, and puts rate, labels and language on the record', async () => {
    const seen: string[] = [];
    const appended: Generation[] = [];
    await using doors = await openDoors({
      append: async (_dataset, records) => void appended.push(...records),
      sampler: classifier(async (texts) => {
        seen.push(...texts);
        return texts.map(() => [{ path: '/Programming', confidence: 0.9 }]);
      }),
    });
    await post(doors, asProtobuf(scopes(chat(1, withText), chat(2), chat(3, withText))), PROTOBUF);
    expect(seen).toHaveLength(2);
    expect(appended).toMatchObject([
      { labels: [{ path: '/Programming' }], classifier: 'test@1', sampleRate: 0.5, language: 'de' },
      { labels: null, sampleRate: null, language: null },
      { sampleRate: 0.5 },
    ]);
  });

  it('does not read the text of others', async () => {
    const appended: Generation[] = [];
    await using doors = await openDoors({
      append: async (_dataset, records) => void appended.push(...records),
      sampler: { ...classifier(async () => []), random: () => 0.6 },
    });
    await post(doors, asJson(scopes(chat(1, withText))));
    expect(appended).toMatchObject([{ labels: null, sampleRate: null, language: null }]);
  });
});

describe('keys', () => {
  let doors: Doors;
  let accounts: Awaited<ReturnType<typeof openAccounts>>;
  const appended: Generation[] = [];
  beforeAll(async () => {
    accounts = await openAccounts({
      dataDir: null,
      secret: 'a secret of a workspace, for tests',
      open: false,
    });
    doors = await openDoors({
      accounts,
      adminSecret: 'the admin secret',
      isOpen: false,
      append: async (_dataset, records) => void appended.push(...records),
    });
  });
  afterAll(async () => {
    await doors[Symbol.asyncDispose]();
    await accounts.close();
  });
  const body = asJson(scopes(chat(1)));
  const send = (headers: Record<string, string>) => post(doors, body, { ...JSON_TYPE, ...headers });

  it('of ingest may send, in each way that senders have; the admin may as well', async () => {
    const account = await accounts.admin.createAccount({ name: 'Acme', country: 'DE', apps: ['builds'] });
    const { secret } = await accounts.admin.createKey({
      name: 'otlp',
      account: account.id,
      app: 'builds',
      ingest: true,
    });
    const ways: Record<string, string>[] = [
      { authorization: `Bearer ${secret}` },
      { 'x-api-key': secret },
      { authorization: `Basic ${Buffer.from(`pk-anything:${secret}`).toString('base64')}` },
      { authorization: 'Bearer the admin secret' },
    ];
    for (const headers of ways) expect((await send(headers)).statusCode).toBe(200);
    const withUser = asJson([{ resource: {}, scope: 'x', spans: [chat(1, { 'user.id': 'ada' })] }]);
    await post(doors, withUser, { ...JSON_TYPE, 'x-api-key': secret });
    const acme = doors.warehouse.hashAccount(account.id);
    expect(appended).toMatchObject([
      { account: acme, app: 'app', country: 'DE' },
      { account: acme },
      { account: acme },
      { account: null, country: null },
      { account: doors.warehouse.hashAccount('ada'), app: 'builds', country: 'DE' },
    ]);
    await expect(accounts.authenticate(secret)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('of other kinds, unknown ones and none may not', async () => {
    const { secret, key } = await accounts.admin.createKey({ name: 'gateway' });
    expect((await send({ authorization: `Bearer ${secret}` })).statusCode).toBe(403);
    expect((await send({})).statusCode).toBe(401);
    expect((await send({ authorization: 'Bearer something else' })).statusCode).toBe(401);
    expect((await send({ authorization: `Bearer sk-sa-v1-${'0'.repeat(64)}` })).statusCode).toBe(401);
    const cutOff = await send({ authorization: `Bearer sk-sa-v1-${'0'.repeat(63)}` });
    expect(cutOff.statusCode).toBe(401);
    expect(cutOff.body).toContain('no whole key');
    expect((await post(doors, '', { 'x-test-connection': 'true' })).statusCode).toBe(401);
    expect(key.ingest).toBe(false);
    await expect(
      accounts.admin.createKey({ name: 'both', ingest: true, management: true }),
    ).rejects.toMatchObject({ code: 'bad_key' });
  });
});
