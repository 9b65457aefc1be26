/** Streams: how they arrive, wait, end and break off, and what an abort leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { chatEvents, type fakeUpstream, json } from '../testing/gateway.ts';
import { ask, eventsOf, gatewayTo, post, upstream } from './gateway.fixture.ts';

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
  await vi.waitFor(() => expect(closed).toBe(true), { timeout: 10_000 });
  expect(gateway.gateway.inFlight()).toBe(0);
});

test('an abort before any answer is recorded too', async () => {
  const up = await upstream(() => undefined);
  const gateway = await gatewayTo([up]);
  const stop = new AbortController();
  const response = post(gateway, ask, undefined, { signal: stop.signal });
  await vi.waitFor(() => expect(up.requests).toHaveLength(1), { timeout: 10_000 });
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
    'says that it is done before its first token',
    (r) => void r.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n'),
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

test.each([
  ['/chat/completions', 'data: [DONE]'],
  ['/messages', 'event: message_stop'],
  ['/responses', 'event: response.completed'],
])('a stream that says it is done, and not why, is complete for a client of %s', async (path, last) => {
  const [first] = chatEvents(['Hello.']);
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end(`${first}data: [DONE]\n\n`);
  });
  const gateway = await gatewayTo([up]);
  const body = { ...ask, input: 'Say hello.', max_tokens: 9, stream: true };
  const text = await (await post(gateway, body, path)).text();
  expect(text).toContain(last);
  expect(text).not.toMatch(/event: error|response\.failed|"error":\{/);
  expect(await gateway.record()).toMatchObject({ status: 200, finishReason: null, completionTokens: 2 });
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
    await vi.waitFor(() => expect(up.requests).toHaveLength(1), { timeout: 10_000 });
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

test('a client that reads slowly leaves no warnings in the log, however many events come at once', async () => {
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end(chatEvents(Array.from({ length: 50_000 }, () => 'word')).join(''));
  });
  const gateway = await gatewayTo([up]);
  const warnings: string[] = [];
  const warned = ({ name }: Error) => void warnings.push(name);
  process.on('warning', warned);
  const response = await post(gateway, { ...ask, stream: true });
  await sleep(500);
  await response.text();
  expect(await gateway.record()).toMatchObject({ completionTokens: 50_000 });
  process.off('warning', warned);
  expect(warnings).toEqual([]);
});
