import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import {
  chatBody,
  chatEvents,
  type FakeUpstream,
  fakeUpstream,
  json,
  type TestGateway,
  testGateway,
} from '../testing/gateway.ts';
import type { ConfigFile } from './config/schema.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0).reverse()) await close();
});

const upstream = async (answer: Parameters<typeof fakeUpstream>[0]): Promise<FakeUpstream> => {
  const made = await fakeUpstream(answer);
  open.push(made);
  return made;
};
const gatewayTo = async (upstreams: FakeUpstream[], more: ConfigFile = {}): Promise<TestGateway> => {
  const made = await testGateway({
    providers: upstreams.map((u, i) => ({ slug: `p${i}`, url: u.url, lists: false, apiKey: `key-${i}` })),
    retries: { baseMs: 5 },
    ...more,
  });
  open.push(made);
  return made;
};
const post = (
  gateway: TestGateway,
  body: object | string,
  path = '/chat/completions',
  init: RequestInit = {},
) =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
const ask = { model: 'some/model', messages: [{ role: 'user', content: 'Say hello.' }] };
const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter((e) => e.startsWith('data: {'))
    .map((e) => JSON.parse(e.slice(6)));

test('the first request works without any key, and is recorded', async () => {
  const gateway = await gatewayTo([]);
  const response = await post(gateway, { ...ask, model: 'stateai/sandbox' });
  expect(response.status).toBe(200);
  const body = await response.json();
  expect(body).toMatchObject({
    provider: 'StateAI',
    model: 'stateai/sandbox',
    usage: { cost: 0, is_byok: false },
  });
  expect(body.id).toMatch(/^gen-/);
  expect(response.headers.get('x-generation-id')).toBe(body.id);
  expect(await gateway.record()).toMatchObject({
    id: body.id,
    model: 'stateai/sandbox',
    promptTokens: body.usage.prompt_tokens,
    completionTokens: body.usage.completion_tokens,
    cost: 0,
    status: 200,
    finishReason: 'stop',
    streamed: false,
    cancelled: false,
    country: 'DE',
    tokensEstimated: false,
    source: 'gateway',
  });
});

test('the upstream gets the client’s bytes, but for its own name of the model', async () => {
  const up = await upstream((r) => json(r, chatBody()));
  const gateway = await gatewayTo([up]);
  const body =
    '{ "model":"p0/the-model", "messages": [ {"role":"user","content":"\\u00fc"} ], "seed": 1.0, "provider": {"sort":"price"} }';
  expect((await post(gateway, body)).status).toBe(200);
  expect(up.requests[0]?.body).toBe(
    '{"model":"the-model","messages": [ {"role":"user","content":"\\u00fc"} ], "seed": 1.0}',
  );
  expect(up.requests[0]?.headers).toMatchObject({ authorization: 'Bearer key-0' });
});

test('a stream ends with usage and [DONE]; usage is asked for', async () => {
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const e of chatEvents(['Hel', 'lo'])) r.write(e);
    r.end();
  });
  const gateway = await gatewayTo([up]);
  const text = await (await post(gateway, { ...ask, stream: true })).text();
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  const events = eventsOf(text);
  expect(events.map((e) => e.choices[0]?.delta.content ?? null)).toEqual(['Hel', 'lo', null, null]);
  expect(events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2 } });
  for (const e of events) expect(e).toMatchObject({ id: events[0].id, provider: 'p0', model: 'some/model' });
  expect(JSON.parse(up.requests[0]?.body ?? '').stream_options).toEqual({ include_usage: true });
  expect(await gateway.record()).toMatchObject({
    promptTokens: 7,
    completionTokens: 2,
    streamed: true,
    cost: null,
    finishReason: 'stop',
  });
});

test('an unknown price is unknown, a known one is applied once to cached and fresh tokens', async () => {
  const usage = {
    prompt_tokens: 1000,
    completion_tokens: 100,
    total_tokens: 1100,
    prompt_tokens_details: { cached_tokens: 400 },
    completion_tokens_details: { reasoning_tokens: 60 },
  };
  const up = await upstream((r) => json(r, chatBody('x', usage)));
  const gateway = await gatewayTo([], {
    providers: [
      {
        slug: 'priced',
        url: up.url,
        models: [
          { slug: 'a/priced', prices: { prompt: 2, completion: 10, cacheRead: 0.5 } },
          { slug: 'a/unpriced' },
        ],
      },
    ],
  });
  const priced = await (await post(gateway, { ...ask, model: 'a/priced' })).json();
  // 600 fresh at 2, 400 cached at 0.5, 100 out at 10, a million each.
  expect(priced.usage.cost).toBeCloseTo(0.0024, 12);
  const unpriced = await (await post(gateway, { ...ask, model: 'a/unpriced' })).json();
  expect('cost' in unpriced.usage).toBe(false);
  expect(await gateway.record(1)).toMatchObject({ cost: null, cachedTokens: 400, reasoningTokens: 60 });
});

test('tokens that nobody counted are estimated, and marked', async () => {
  const up = await upstream((r) => json(r, chatBody('12345678', null)));
  const gateway = await gatewayTo([up]);
  const body = await (await post(gateway, ask)).json();
  expect(body.usage).toMatchObject({ completion_tokens: 2, is_estimated: true });
  expect(await gateway.record()).toMatchObject({ completionTokens: 2, tokensEstimated: true });
});

test('an abort reaches the upstream at once, and what came until then is recorded as cancelled', async () => {
  let closed = false;
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const e of chatEvents(['one ', 'two ', 'three']).slice(0, 3)) r.write(e);
    r.on('close', () => {
      closed = true;
    });
  });
  const gateway = await gatewayTo([up]);
  const stop = new AbortController();
  const response = await post(gateway, { ...ask, stream: true }, undefined, { signal: stop.signal });
  await response.body?.getReader().read();
  stop.abort();
  const record = await gateway.record();
  expect(record).toMatchObject({ cancelled: true, status: 200, tokensEstimated: true, finishReason: null });
  expect(record.completionTokens).toBeGreaterThan(0);
  expect(record.completionTokens).toBeLessThan(10);
  await vi.waitFor(() => expect(closed).toBe(true));
  expect(gateway.gateway.inFlight()).toBe(0);
});

test('an abort before any answer is recorded too', async () => {
  const up = await upstream(() => undefined);
  const gateway = await gatewayTo([up]);
  const stop = new AbortController();
  const response = post(gateway, ask, undefined, { signal: stop.signal });
  await vi.waitFor(() => expect(up.requests).toHaveLength(1));
  stop.abort();
  await expect(response).rejects.toThrow();
  expect(await gateway.record()).toMatchObject({ cancelled: true, status: 499 });
});

const cut = (events: string[]) => (r: Parameters<Parameters<typeof fakeUpstream>[0]>[0]) => {
  r.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const e of events) r.write(e);
  setTimeout(() => r.destroy(), 20);
};
const good = (r: Parameters<Parameters<typeof fakeUpstream>[0]>[0]) => {
  r.writeHead(200, { 'content-type': 'text/event-stream' });
  r.end(chatEvents(['fine']).join(''));
};
const inOrder = { provider: { order: ['p0', 'p1'] } };

test.each([
  ['is reset', (r) => void r.destroy()],
  ['dies before its first token', cut([': hello\n\n'])],
  [
    'ends before its first token',
    (r) => void r.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
  ],
  [
    'reports an error first',
    (r) =>
      void r
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end('data: {"error":{"code":529,"message":"x"}}\n\n'),
  ],
  [
    'answers 500 with HTML',
    (r) => void r.writeHead(500, { 'content-type': 'text/html' }).end('<h1>oops</h1>'),
  ],
  ['answers 429', (r) => void json(r, { error: { message: 'slow down' } }, 429)],
  ['answers 401', (r) => void json(r, { error: { message: 'bad key' } }, 401)],
] satisfies [string, Parameters<typeof fakeUpstream>[0]][])(
  'another endpoint takes over when one %s',
  async (_, answer) => {
    const [bad, fine] = [await upstream(answer), await upstream(good)];
    const gateway = await gatewayTo([bad, fine]);
    const text = await (await post(gateway, { ...ask, ...inOrder, stream: true })).text();
    expect(text).toContain('fine');
    expect(await gateway.record()).toMatchObject({ provider: 'p1', status: 200, finishReason: 'stop' });
    expect(bad.requests).toHaveLength(1);
    expect(gateway.records).toHaveLength(1);
  },
);

test('a stream that breaks off later ends with an error, never as if complete', async () => {
  const [bad, fine] = [await upstream(cut(chatEvents(['half ', 'a ']).slice(0, 2))), await upstream(good)];
  const gateway = await gatewayTo([bad, fine]);
  const text = await (await post(gateway, { ...ask, ...inOrder, stream: true })).text();
  expect(text).not.toContain('[DONE]');
  expect(text).not.toContain('fine');
  expect(eventsOf(text).at(-1)).toMatchObject({
    error: { code: 502 },
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
  });
  expect(await gateway.record()).toMatchObject({
    finishReason: 'error',
    provider: 'p0',
    tokensEstimated: true,
  });
});

test('models are fallbacks for one another', async () => {
  const up = await upstream((r, { body }) =>
    JSON.parse(body).model === 'good' ? json(r, chatBody()) : json(r, { error: { message: 'no' } }, 503),
  );
  const gateway = await gatewayTo([up]);
  const body = await (await post(gateway, { ...ask, model: 'p0/bad', models: ['p0/good'] })).json();
  expect(body.choices[0].message.content).toBe('Hello.');
  expect(await gateway.record()).toMatchObject({ status: 200 });
});

test('what is safe to repeat is repeated', async () => {
  let calls = 0;
  const up = await upstream((r) =>
    ++calls < 3 ? json(r, { error: { message: 'busy' } }, 503, { 'retry-after': '0' }) : json(r, chatBody()),
  );
  const gateway = await gatewayTo([up]);
  expect((await post(gateway, ask)).status).toBe(200);
  expect(calls).toBe(3);
});

test('what an upstream may have worked on is not repeated', async () => {
  const up = await upstream((r) => json(r, { error: { message: 'broken' } }, 500));
  const gateway = await gatewayTo([up]);
  const response = await post(gateway, ask);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { code: 502, metadata: { provider_name: 'p0' } } });
  expect(up.requests).toHaveLength(1);
});

test('an endpoint that fails again and again rests', async () => {
  const up = await upstream((r) => json(r, { error: { message: 'broken' } }, 500));
  const gateway = await gatewayTo([up], { retries: { baseMs: 1, failuresToOpen: 3 } });
  for (let i = 0; i < 3; i++) expect((await post(gateway, ask)).status).toBe(502);
  const response = await post(gateway, ask);
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(up.requests).toHaveLength(3);
});

test('an endpoint that has rested is there again, though another one answered meanwhile', async () => {
  let isWell = false;
  const shaky = await upstream((r) =>
    isWell ? json(r, chatBody('shaky')) : json(r, { error: { message: 'broken' } }, 500),
  );
  const steady = await upstream((r) => json(r, chatBody('steady')));
  const gateway = await gatewayTo([shaky, steady], { retries: { failuresToOpen: 1, coolDownMs: 50 } });
  const answered = async (order: string[]) =>
    (await (await post(gateway, { ...ask, provider: { order } })).json()).choices[0].message.content;
  expect(await answered(['p0', 'p1'])).toBe('steady');
  await sleep(100);
  isWell = true;
  // It could be tried, but need not be.
  expect(await answered(['p1', 'p0'])).toBe('steady');
  expect(await answered(['p0', 'p1'])).toBe('shaky');
});

test('Retry-After of an upstream reaches the client', async () => {
  const up = await upstream((r) =>
    json(r, { error: { message: 'slow down' } }, 429, { 'retry-after': '77' }),
  );
  const gateway = await gatewayTo([up]);
  const response = await post(gateway, ask);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('77');
  expect((await response.json()).error).toMatchObject({ code: 429, message: 'slow down' });
});

test.each([
  ['not JSON', 'nonsense', 400, /valid JSON/],
  ['half JSON', '{"model":"a","messages":[', 400, /valid JSON/],
  ['no model', '{"messages":[]}', 400, /"model" is missing/],
  ['no messages', '{"model":"a"}', 400, /"messages" is missing/],
  ['no list', '{"model":"a","messages":null}', 400, /must be a list/],
  ['wrong type', '{"model":"a","messages":[],"stream":"yes"}', 400, /"stream" must be/],
  ['wrong preference', '{"model":"a","messages":[],"provider":{"order":"x"}}', 400, /provider\.order/],
  ['twice the model', '{"model":"a","messages":[],"model":"b"}', 400, /twice/],
  ['nothing', '', 400, /empty/],
])('%s is refused with a sentence, and recorded', async (_, body, status, message) => {
  const gateway = await gatewayTo([]);
  const response = await post(gateway, body);
  expect(response.status).toBe(status);
  const { error } = await response.json();
  expect(error).toMatchObject({ code: status, message: expect.stringMatching(message) });
  expect(await gateway.record()).toMatchObject({
    status,
    model: 'unknown',
    totalTokens: 0,
    promptTokens: null,
    finishReason: 'error',
  });
});

test('a model that nobody serves is 404; one whose endpoints do not fit is 503 and says why', async () => {
  const up = await upstream((r) => json(r, chatBody()));
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'p0', url: up.url, models: [{ slug: 'a/b' }] }],
  });
  expect((await post(gateway, { ...ask, model: 'x/y' })).status).toBe(404);
  const response = await post(gateway, {
    ...ask,
    model: 'a/b',
    provider: { max_price: { prompt: 1 }, zdr: true },
  });
  expect(response.status).toBe(503);
  expect((await response.json()).error.message).toMatch(/zdr|max_price/);
});

test('details of a model are where its link says, also without an author', async () => {
  const slugs = ['a/b', 'assistant', 'org/team/deep', 'tagged9:8b'];
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'p0', url: 'http://127.0.0.1:9/v1', models: slugs.map((slug) => ({ slug })) }],
  });
  const { data } = await (await fetch(`${gateway.url}/models`)).json();
  const links = data.map((m: { links: { details: string } }) => m.links.details);
  const found = await Promise.all(
    links.map(async (link: string) => (await (await fetch(new URL(link, gateway.url))).json()).data?.id),
  );
  expect(found).toEqual(expect.arrayContaining(slugs));
  for (const path of ['a/b', 'a/b/endpoints/more', 'endpoints'])
    expect((await fetch(`${gateway.url}/models/${path}`)).status).toBe(404);
});

test('too large a body is refused and the connection survives long enough to say so', async () => {
  const gateway = await gatewayTo([], { maxBodyBytes: 10_000 });
  const response = await post(gateway, { ...ask, model: 'stateai/sandbox', user: 'x'.repeat(20_000) });
  expect(response.status).toBe(413);
  expect(await gateway.record()).toMatchObject({ status: 413 });
});

test('compressed bodies are read, bombs are not', async () => {
  const gateway = await gatewayTo([], { maxBodyBytes: 100_000 });
  const send = (body: object) =>
    fetch(`${gateway.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify(body)),
    });
  expect((await send({ ...ask, model: 'stateai/sandbox' })).status).toBe(200);
  expect((await send({ ...ask, user: 'x'.repeat(10_000_000) })).status).toBe(413);
});

test('an upstream that compresses all the same is understood', async () => {
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    r.end(gzipSync(JSON.stringify(chatBody())));
  });
  const gateway = await gatewayTo([up]);
  expect((await (await post(gateway, ask)).json()).choices[0].message.content).toBe('Hello.');
});

test('characters split between chunks, half lines and huge chunks arrive whole', async () => {
  const bytes = Buffer.from(chatEvents(['Grüße 世界 🎉', 'x'.repeat(10_000_000)]).join(''));
  const up = await upstream(async (r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let at = 0; at < 400; at++) {
      r.write(bytes.subarray(at, at + 1));
      if (at % 20 === 0) await sleep(1);
    }
    r.end(bytes.subarray(400));
  });
  const gateway = await gatewayTo([up]);
  const events = eventsOf(await (await post(gateway, { ...ask, stream: true })).text());
  expect(events[0].choices[0].delta.content).toBe('Grüße 世界 🎉');
  expect(events[1].choices[0].delta.content).toHaveLength(10_000_000);
});

test('an upstream that hangs is given up in time', async () => {
  const up = await upstream(() => undefined);
  const gateway = await gatewayTo([up], { timeouts: { firstByteMs: 300 } });
  const response = await post(gateway, ask);
  expect(response.status).toBe(408);
  expect(await gateway.record()).toMatchObject({ status: 408, finishReason: 'error' });
});

test('pages of other sites cannot use an open gateway', async () => {
  const gateway = await gatewayTo([]);
  const from = (headers: Record<string, string>) =>
    post(gateway, { ...ask, model: 'stateai/sandbox' }, undefined, { headers });
  expect((await from({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await from({ origin: 'http://localhost:3000' })).status).toBe(200);
});

test('a new configuration takes effect while a stream goes on', async () => {
  let release: () => void = () => undefined;
  const up = await upstream(async (r) => {
    const [first = '', ...rest] = chatEvents(['a', 'b']);
    r.writeHead(200, { 'content-type': 'text/event-stream' }).write(first);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    r.end(rest.join(''));
  });
  const gateway = await gatewayTo([up]);
  const response = await post(gateway, { ...ask, stream: true });
  const { resolveConfig } = await import('./config/config.ts');
  gateway.gateway.reconfigure(resolveConfig({ environment: false, sandbox: true }, {}));
  expect((await post(gateway, { ...ask, model: 'stateai/sandbox' })).status).toBe(200);
  release();
  expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true);
});

test('a new configuration says anew how often is tried, and when an endpoint rests', async () => {
  const up = await upstream((r) => json(r, { error: { message: 'overloaded' } }, 503));
  const of = (perEndpoint: number, failuresToOpen: number): ConfigFile => ({
    retries: { perEndpoint, baseMs: 1, failuresToOpen, coolDownMs: 60_000 },
  });
  const gateway = await gatewayTo([up], of(0, 1000));
  const asked = async () => {
    const before = up.requests.length;
    await post(gateway, ask);
    return up.requests.length - before;
  };
  expect([await asked(), await asked(), await asked()]).toEqual([1, 1, 1]);
  const { providers } = gateway.gateway.upstreams().config;
  const { resolveConfig } = await import('./config/config.ts');
  const reconfigure = (file: ConfigFile) =>
    gateway.gateway.reconfigure({ ...resolveConfig({ environment: false, ...file }, {}), providers });
  reconfigure(of(1, 1000));
  expect(await asked()).toBe(2);
  reconfigure(of(0, 2));
  // The one that makes it rest, and then it is left alone.
  expect([await asked(), await asked()]).toEqual([1, 0]);
});

test('a large picture reaches a model of usual context, and costs no million tokens where nobody counts', async () => {
  const up = await upstream((r) => json(r, { ...chatBody(), usage: undefined }));
  const gateway = await gatewayTo([], {
    providers: [
      {
        slug: 'up',
        url: up.url,
        models: [{ slug: 'up/m', contextTokens: 128_000, prices: { prompt: 3, completion: 15 } }],
      },
    ],
  });
  const url = `data:image/png;base64,${Buffer.alloc(2 << 20, 7).toString('base64')}`;
  const content = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url } },
  ];
  const response = await post(gateway, { model: 'up/m', messages: [{ role: 'user', content }] });
  expect(response.status).toBe(200);
  const record = await gateway.record();
  expect(record).toMatchObject({ tokensEstimated: true });
  expect(record.promptTokens).toBeLessThan(2000);
});

test('an upstream’s error in a chat stream ends it as the contract says, whatever code it had', async () => {
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.write(chatEvents(['part'])[0]);
    r.end('data: {"error":{"message":"no room","code":"server_is_overloaded"}}\n\ndata: [DONE]\n\n');
  });
  const gateway = await gatewayTo([up]);
  const text = await (await post(gateway, { ...ask, stream: true })).text();
  const events = eventsOf(text);
  expect(events).toHaveLength(2);
  expect(events[1]).toMatchObject({
    error: { code: expect.any(Number), message: expect.any(String) },
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
  });
  expect(text).not.toContain('[DONE]');
  expect(await gateway.record()).toMatchObject({ status: 200, finishReason: 'error', tokensEstimated: true });
});

test('parallel tool calls stay apart where an upstream leaves their index out', async () => {
  const piece = (tool_calls: object[]) =>
    `data: ${JSON.stringify({ choices: [{ delta: { tool_calls }, finish_reason: null }] })}\n\n`;
  const call = (id: string, name: string, args: string) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  });
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.write(piece([call('a', 'f', '{"x":1}')]));
    r.write(piece([call('b', 'g', '{"y"')]));
    r.write(piece([{ function: { arguments: ':2}' } }]));
    r.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n');
  });
  const gateway = await gatewayTo([up]);
  const events = eventsOf(await (await post(gateway, { ...ask, stream: true })).text());
  expect(events.flatMap((e) => e.choices[0]?.delta.tool_calls ?? []).map((c) => c.index)).toEqual([0, 1, 1]);
  const body = { ...ask, stream: true, max_tokens: 100 };
  const text = await (await post(gateway, body, '/messages')).text();
  const inputs = [
    ...text.matchAll(/"index":(\d),"delta":\{"type":"input_json_delta","partial_json":(".*?")\}/g),
  ];
  const whole = new Map<string, string>();
  for (const [, i = '', json = '""'] of inputs) whole.set(i, (whole.get(i) ?? '') + JSON.parse(json));
  expect([...whole.values()]).toEqual(['{"x":1}', '{"y":2}']);
});

test('tokens are estimated where a provider of Messages has no path to count them', async () => {
  const up = await upstream((r) => json(r, { detail: 'Not Found' }, 404));
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'up', urls: { messages: up.url }, models: [{ slug: 'up/m' }] }],
  });
  const response = await post(gateway, { ...ask, model: 'up/m' }, '/messages/count_tokens');
  expect(response.status).toBe(200);
  expect((await response.json()).input_tokens).toBeGreaterThan(5);
});

test.each([
  ['/chat/completions', ': OPENROUTER PROCESSING\n\n'],
  ['/messages', 'event: ping\ndata: {"type":"ping"}\n\n'],
])('a client of %s that waits hears so before the provider has answered at all', async (path, note) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let answer = () => {};
    const up = await upstream((r) => {
      answer = () => json(r, { error: { message: 'too late' } }, 500);
    });
    const gateway = await gatewayTo([up]);
    const asked = post(gateway, { ...ask, stream: true, max_tokens: 9 }, path);
    await vi.waitFor(() => expect(up.requests).toHaveLength(1));
    vi.advanceTimersByTime(10_000);
    const response = await asked;
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('event-stream'),
    ]);
    answer();
    const text = await response.text();
    expect(text.startsWith(note)).toBe(true);
    // The status is sent: what went wrong stands in the stream.
    expect(text).toContain('"error"');
    expect(await gateway.record()).toMatchObject({ status: 200, finishReason: 'error' });
  } finally {
    vi.useRealTimers();
  }
});
