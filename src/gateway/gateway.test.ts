/** What the gateway answers and records: requests as they come, and those that it refuses. */
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { chatBody, chatEvents, json } from '../testing/gateway.ts';
import { ask, gatewayTo, post, upstream } from './gateway.fixture.ts';

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

test.each([
  ['identity', false],
  ['GZIP', true],
  ['x-gzip', true],
])('a body may say %s of its encoding', async (encoding, isPacked) => {
  const gateway = await gatewayTo([]);
  const body = JSON.stringify({ ...ask, model: 'stateai/sandbox' });
  const response = await fetch(`${gateway.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-encoding': encoding },
    body: isPacked ? gzipSync(body) : body,
  });
  expect(response.status).toBe(200);
});

test('an upstream that compresses all the same is understood', async () => {
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    r.end(gzipSync(JSON.stringify(chatBody())));
  });
  const gateway = await gatewayTo([up]);
  expect((await (await post(gateway, ask)).json()).choices[0].message.content).toBe('Hello.');
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

test('models of a list are there while it is read again, and asked for in a moment while it is read first', async () => {
  let answer: () => void = () => undefined;
  const up = await upstream(async (r, { path }) => {
    if (path !== '/v1/models') return json(r, chatBody());
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    json(r, { data: [{ id: 'org/Some-Model' }] });
  });
  const file = { environment: false, providers: [{ slug: 'together', url: up.url, apiKey: 'k' }] };
  const gateway = await gatewayTo([], file);
  const body = { ...ask, model: 'org/some-model' };
  await vi.waitFor(() => expect(up.requests).toHaveLength(1), { timeout: 10_000 });
  const early = await post(gateway, body);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
  answer();
  await vi.waitFor(async () => expect((await post(gateway, body)).status).toBe(200), { timeout: 10_000 });
  const { resolveConfig } = await import('./config/config.ts');
  gateway.gateway.reconfigure(resolveConfig(file, {}));
  expect((await post(gateway, body)).status).toBe(200);
  expect((await post(gateway, { ...ask, model: 'nobody/has-it' })).status).toBe(404);
});
