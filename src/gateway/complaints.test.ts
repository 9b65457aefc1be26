/** What users of other gateways complain about most, each in its own words, as what must not happen here. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Settlement } from '../accounts/contract.ts';
import { StateaiError } from '../generation/errors.ts';
import { chatBody, chatEvents, fakeUpstream, json, openToAll, testGateway } from '../testing/gateway.ts';
import { opened } from '../testing/opened.ts';
import { openWorld, PARTS, type World } from './clients/setup.ts';
import { endlessUpstream } from './clients/upstreams.ts';
import type { ConfigFile } from './config/schema.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** One question in each dialect. */
const ASKED: Record<string, object> = {
  '/chat/completions': { messages: [{ role: 'user', content: 'go' }], max_tokens: 5000 },
  '/completions': { prompt: 'go', max_tokens: 5000 },
  '/messages': { messages: [{ role: 'user', content: 'go' }], max_tokens: 5000 },
  '/responses': { input: 'go', max_output_tokens: 5000 },
};
const PATHS = Object.keys(ASKED);
const post = (url: string, path: string, body: object, signal: AbortSignal | null = null) =>
  fetch(url + path, { method: 'POST', body: JSON.stringify({ ...ASKED[path], ...body }), signal });

test.each(PATHS)('cancelled streams that are not recorded, or are billed in full: %s', async (path) => {
  const settled: Settlement[] = [];
  const reserve = async () => ({ settle: (s: Settlement) => void settled.push(s) });
  const upstream = await opened(endlessUpstream());
  const dialect = path === '/chat/completions' ? 'chat' : (path.slice(1) as 'messages');
  const gateway = await opened(
    testGateway(
      {
        providers: [
          {
            slug: 'up',
            url: upstream.url,
            dialects: [dialect],
            models: [{ slug: 'up/m', prices: { prompt: 1, completion: 100, cacheRead: 1 } }],
          },
        ],
      },
      { ...openToAll, reserve },
    ),
  );
  const stop = new AbortController();
  const response = await post(gateway.url, path, { model: 'up/m', stream: true }, stop.signal);
  const reader = response.body?.getReader();
  let seen = '';
  while (!seen.includes('word')) seen += Buffer.from((await reader?.read())?.value ?? []).toString();
  stop.abort();
  const record = await gateway.record();
  expect(record).toMatchObject({ cancelled: true, status: 200, finishReason: null, tokensEstimated: true });
  // The words that came until then, of which there were few; not the 5000 that had been asked for.
  expect(record.completionTokens).toBeGreaterThan(0);
  expect(record.completionTokens).toBeLessThan(200);
  expect(record.cost).toBeGreaterThan(0);
  expect(record.cost).toBeLessThan(0.03);
  expect(settled).toMatchObject([{ completionTokens: record.completionTokens, cost: record.cost }]);
});

test.each([
  ['/chat/completions', 'parts/chat'],
  ['/chat/completions', 'parts/messages'],
  ['/messages', 'parts/messages'],
  ['/messages', 'parts/chat'],
  ['/responses', 'parts/responses'],
  ['/responses', 'parts/messages'],
])('cached tokens charged twice: %s of %s', async (path, model) => {
  const next = world.nextRecord();
  const response = await post(world.url, path, { model });
  expect(response.status).toBe(200);
  await response.arrayBuffer();
  // 550 fresh, 400 read and 50 written make up 1000 prompt tokens, each paid for once, at its own price.
  expect(await next).toMatchObject(PARTS);
});

test.each([
  ['/chat/completions', 'parts/chat'],
  ['/chat/completions', 'parts/messages'],
  ['/chat/completions', 'parts/responses'],
  ['/completions', 'parts/chat'],
  ['/messages', 'parts/messages'],
  ['/messages', 'parts/chat'],
  ['/responses', 'parts/responses'],
  ['/responses', 'parts/chat'],
])('cache and reasoning tokens lost in streams: %s of %s', async (path, model) => {
  const next = world.nextRecord();
  const text = await (await post(world.url, path, { model, stream: true })).text();
  expect(text).toContain('word');
  expect(await next).toMatchObject({ ...PARTS, streamed: true });
});

const one = (slug: string, url: string, more: object = {}): ConfigFile => ({
  providers: [{ slug, url, lists: false, ...more }],
});

test('an unknown price recorded as $0', async () => {
  const upstream = await opened(fakeUpstream((response) => json(response, chatBody())));
  const settled: Settlement[] = [];
  const reserve = async () => ({ settle: (s: Settlement) => void settled.push(s) });
  const gateway = await opened(testGateway(one('up', upstream.url), { ...openToAll, reserve }));
  const answer = await (await post(gateway.url, '/chat/completions', { model: 'up/m' })).json();
  expect(answer.usage).not.toHaveProperty('cost');
  expect(await gateway.record()).toMatchObject({ cost: null, upstreamCost: null, promptTokens: 7 });
  expect(settled).toMatchObject([{ cost: null }]);
});

test('memory that grows', async () => {
  const program = fileURLToPath(new URL('memory.fixture.ts', import.meta.url));
  // 3000 requests with prompts of 20 kB, echoed in answers and errors, whole, streamed and cancelled: over 100 MB.
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    program,
    ...['1000', '3000', '20000'],
  ]);
  const { before, after, inFlight } = JSON.parse(stdout);
  expect(inFlight).toBe(0);
  // What `GET /generation` tells of late is kept, about 2 kB each; no prompt and no answer is.
  expect(after - before).toBeLessThan(3000 * 4000);
}, 180_000);

/** A stream cut off after `count` events: by its end, or by a reset. */
const cut = (count: number, how: 'end' | 'reset') => () =>
  fakeUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of chatEvents(['half ', 'of ', 'it']).slice(0, count)) response.write(event);
    if (how === 'end') response.end();
    else setTimeout(() => response.destroy(), 20);
  });

/** A stream of Messages that begins a text and says nothing. */
const emptyBlock = () =>
  fakeUpstream((response) => {
    const start = {
      type: 'message_start',
      message: { id: 'm', usage: { input_tokens: 5, output_tokens: 1 } },
    };
    const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of [start, block]) response.write(`data: ${JSON.stringify(event)}\n\n`);
    setTimeout(() => response.destroy(), 20);
  });

test.each([
  ['an end', cut(0, 'end'), true],
  ['a reset', cut(0, 'reset'), true],
  ['a reset after a block without a word', emptyBlock, true],
  ['an end after the first word', cut(1, 'end'), false],
  ['a reset after the first word', cut(2, 'reset'), false],
])('truncated streams that look complete and do not fall back: %s', async (_, bad, fallsBack) => {
  const broken = await opened(bad());
  const good = await opened(
    fakeUpstream((response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(chatEvents(['fine']).join('')),
    ),
  );
  const models = [{ slug: 'a/b' }];
  const gateway = await opened(
    testGateway({
      providers: [
        { slug: 'broken', url: broken.url, models, dialects: [bad === emptyBlock ? 'messages' : 'chat'] },
        { slug: 'good', url: good.url, models },
      ],
    }),
  );
  const order = { provider: { order: ['broken', 'good'] } };
  const text = await (
    await post(gateway.url, '/chat/completions', { model: 'a/b', stream: true, ...order })
  ).text();
  if (fallsBack) {
    expect(text).toContain('fine');
    expect(await gateway.record()).toMatchObject({ finishReason: 'stop', provider: 'good' });
    return;
  }
  // Words that the client has seen are not said again by another provider: it is told that they are not all.
  expect(text).not.toContain('[DONE]');
  expect(text).toContain('"finish_reason":"error"');
  expect(await gateway.record()).toMatchObject({ finishReason: 'error', provider: 'broken' });
});

test.each(PATHS)('a client’s abort that never reaches the upstream: %s', async (path) => {
  const before = world.endless.hungUp;
  const stop = new AbortController();
  const response = await post(world.url, path, { model: 'endless/model', stream: true }, stop.signal);
  await response.body?.getReader().read();
  stop.abort();
  await vi.waitFor(() => expect(world.endless.hungUp).toBe(before + 1), { timeout: 1000 });
});

test.each([false, true])(
  'thinking blocks and signatures lost in translation (streamed: %s)',
  async (stream) => {
    const model = 'claudish/model';
    const ask = { model, stream, messages: [{ role: 'user', content: 'think' }] };
    const text = await (await post(world.url, '/chat/completions', ask)).text();
    const said = stream
      ? text
          .split('\n\n')
          .filter((e) => e.startsWith('data: {'))
          .map((e) => JSON.parse(e.slice(6)).choices[0]?.delta)
      : [JSON.parse(text).choices[0].message];
    const details = said.flatMap((part) => part?.reasoning_details ?? []);
    expect(details.map((d) => d.text ?? '').join('')).toBe('Six times seven.');
    expect(details.map((d) => d.signature ?? '').join('')).toBe('signed-1');
    // And back: the next turn brings them to a provider of Messages as it made them.
    const assistant = { role: 'assistant', content: 'Forty-two.', reasoning_details: details };
    const messages = [...ask.messages, assistant, { role: 'user', content: 'And then?' }];
    await (await post(world.url, '/chat/completions', { model: 'parts/messages', messages })).text();
    const sent = JSON.parse(world.counting.requests.at(-1)?.body ?? '');
    expect(sent.messages[1].content).toEqual([
      { type: 'thinking', thinking: 'Six times seven.', signature: 'signed-1' },
      { type: 'text', text: 'Forty-two.' },
    ]);
  },
);

test('a database outage that turns into 401s', async () => {
  const gateway = await opened(
    testGateway(
      { sandbox: true },
      {
        ...openToAll,
        authenticate: async () => {
          throw new StateaiError('accounts_unavailable', 'The accounts cannot be reached', 'Try again.');
        },
      },
    ),
  );
  for (const path of PATHS) {
    const response = await post(gateway.url, path, { model: 'stateai/sandbox' });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  }
});
