/** What providers charge otherwise than by their plain prices: service tiers, sound, tools that they run. */
import { expect, test } from 'vitest';
import type { Settlement } from '../accounts/contract.ts';
import { chatBody, chatEvents, json, openToAll, testGateway } from '../testing/gateway.ts';
import { opened } from '../testing/opened.ts';
import { ask, eventsOf, gatewayTo, post, upstream } from './gateway.fixture.ts';

/** 1,000 tokens in at 2, 100 out at 10, a million each. */
const PLAIN = 0.003;
const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 };
const prices = { prompt: 2, completion: 10 };
const priced = (url: string, factors?: Record<string, number>) => ({
  providers: [
    { slug: 'openai', url, apiKey: 'k', models: [{ slug: 'openai/m', prices: { ...prices, factors } }] },
  ],
});
const model = 'openai/m';

test.each([
  ['default', undefined, PLAIN],
  ['flex', undefined, PLAIN / 2],
  ['priority', undefined, null],
  ['priority', { priority: 2 }, PLAIN * 2],
  ['scale', undefined, null],
])('a provider that says %s with factors %j', async (tier, factors, cost) => {
  const up = await upstream((r) => json(r, { ...chatBody('x', usage), service_tier: tier }));
  const gateway = await gatewayTo([], priced(up.url, factors));
  const answer = await (await post(gateway, { ...ask, model })).json();
  if (cost === null) expect('cost' in answer.usage).toBe(false);
  else expect(answer.usage.cost).toBeCloseTo(cost, 12);
  const record = await gateway.record();
  if (cost === null) expect(record.cost).toBeNull();
  else expect(record.cost).toBeCloseTo(cost, 12);
  const { data } = await (await fetch(`${gateway.url}/generation?id=${record.id}`)).json();
  expect(data.service_tier).toBe(tier);
});

test('what is free is free in every tier, and a word that is no tier is none', async () => {
  let tier = 'priority';
  const up = await upstream((r) => json(r, { ...chatBody('x', usage), service_tier: tier }));
  const gateway = await gatewayTo([], {
    providers: [
      {
        slug: 'p',
        url: up.url,
        models: [
          { slug: 'a/free', prices: { prompt: 0, completion: 0 } },
          { slug: 'a/m', prices },
        ],
      },
    ],
  });
  await post(gateway, { ...ask, model: 'a/free' });
  tier = 'SomeWordOfAnAnswer';
  await post(gateway, { ...ask, model: 'a/m' });
  expect(gateway.records.map((r) => r.cost)).toEqual([0, expect.closeTo(PLAIN, 12)]);
  const { id } = await gateway.record(1);
  expect(await (await fetch(`${gateway.url}/generation?id=${id}`)).text()).not.toContain('SomeWord');
});

test('the tier of a stream is the last one that its chunks name', async () => {
  const [first, ...rest] = chatEvents(['a', 'b'], { service_tier: 'auto' });
  const up = await upstream((r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end(
      [first, ...rest]
        .join('')
        .replace('"finish_reason":"stop"}]', '"finish_reason":"stop"}],"service_tier":"flex"'),
    );
  });
  const gateway = await gatewayTo([], priced(up.url));
  await (await post(gateway, { ...ask, model, stream: true })).text();
  // 7 in, 2 out.
  expect((await gateway.record()).cost).toBeCloseTo((7 * 2 + 2 * 10) / 2e6, 12);
});

test('a tier that was asked for counts where the answer says nothing of it', async () => {
  const up = await upstream((r) => json(r, chatBody('x', usage)));
  const gateway = await gatewayTo([], priced(up.url));
  await post(gateway, { ...ask, model, service_tier: 'priority' });
  await post(gateway, { ...ask, model, service_tier: 'auto' });
  expect((await gateway.record(0)).cost).toBeNull();
  expect((await gateway.record(1)).cost).toBeCloseTo(PLAIN, 12);
});

test('sound, pictures that were made and searches have no price that is known', async () => {
  const details = [
    { prompt_tokens_details: { audio_tokens: 10 } },
    { completion_tokens_details: { audio_tokens: 10 } },
    { completion_tokens_details: { image_tokens: 10 } },
    { num_sources_used: 3 },
    { prompt_tokens_details: { audio_tokens: 0, image_tokens: 500 } },
  ];
  let call = 0;
  const up = await upstream((r) => json(r, chatBody('x', { ...usage, ...details[call++] })));
  const gateway = await gatewayTo([], priced(up.url));
  for (const _ of details) await post(gateway, { ...ask, model });
  expect(gateway.records.map((r) => r.cost !== null)).toEqual([false, false, false, false, true]);
});

test.each([
  ['fast mode', { speed: 'fast' }, null],
  ['inference in the US', { inference_geo: 'us' }, 1.1],
  ['searches', { server_tool_use: { web_search_requests: 2 } }, null],
  ['a commitment', { service_tier: 'priority' }, null],
  ['nothing of it', { service_tier: 'standard', speed: 'standard', inference_geo: 'global' }, 1],
])('Messages with %s', async (_name, more, factor) => {
  const up = await upstream((r) =>
    json(r, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'x' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1000, output_tokens: 100, ...more },
    }),
  );
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'anthropic', url: up.url, apiKey: 'k', models: [{ slug: 'anthropic/m', prices }] }],
  });
  await post(gateway, { ...ask, model: 'anthropic/m', max_tokens: 9 }, '/messages');
  const { cost } = await gateway.record();
  if (factor === null) expect(cost).toBeNull();
  else expect(cost).toBeCloseTo(PLAIN * factor, 12);
});

test('Responses in which the provider ran a tool', async () => {
  const up = await upstream((r) =>
    json(r, {
      id: 'resp_1',
      object: 'response',
      status: 'completed',
      output: [{ type: 'web_search_call', id: 'ws_1', status: 'completed' }],
      usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 },
    }),
  );
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'p', url: up.url, dialects: ['responses'], models: [{ slug: 'a/m', prices }] }],
  });
  await post(gateway, { model: 'a/m', input: 'x' }, '/responses');
  expect(await gateway.record()).toMatchObject({ cost: null, promptTokens: 1000 });
});

test('limits count the plain price of what was charged otherwise', async () => {
  const settled: Settlement[] = [];
  const cached = { ...usage, prompt_tokens_details: { cached_tokens: 400 } };
  const up = await upstream((r) => json(r, { ...chatBody('x', cached), service_tier: 'priority' }));
  const gateway = await opened(
    testGateway(priced(up.url), { ...openToAll, reserve: async () => ({ settle: (s) => settled.push(s) }) }),
  );
  await post(gateway, { ...ask, model });
  expect(settled).toMatchObject([{ cost: null, plainCost: PLAIN }]);
});

test('what an upstream’s usage holds besides reaches the client', async () => {
  const full = {
    ...usage,
    queue_time: 0.1,
    prompt_tokens_details: { audio_tokens: 3, cached_tokens: 5, text_tokens: null },
    completion_tokens_details: { accepted_prediction_tokens: 4, rejected_prediction_tokens: 1 },
  };
  const up = await upstream((r, { body }) => {
    if (!JSON.parse(body).stream) return json(r, chatBody('x', full));
    const chunk = { id: 'u', object: 'chat.completion.chunk', created: 1, model: 'm' };
    const choices = [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }];
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end(
      [{ ...chunk, choices }, { ...chunk, choices: [], usage: full }, '[DONE]']
        .map((data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
        .join(''),
    );
  });
  const gateway = await gatewayTo([up]);
  const wanted = {
    ...usage,
    queue_time: 0.1,
    is_byok: false,
    prompt_tokens_details: { audio_tokens: 3, cached_tokens: 5 },
    completion_tokens_details: {
      accepted_prediction_tokens: 4,
      rejected_prediction_tokens: 1,
      reasoning_tokens: 0,
    },
  };
  expect((await (await post(gateway, ask)).json()).usage).toEqual(wanted);
  const events = eventsOf(await (await post(gateway, { ...ask, stream: true })).text());
  expect(events.at(-1).usage).toEqual(wanted);
});

const LONG = { above: 900, prompt: 2, completion: 1.5 };

test.each([
  ['a prompt of 900 tokens is not long', 900, 0, (900 * 2 + 100 * 10) / 1e6],
  ['one of 901 makes all its tokens dearer', 901, 0, (901 * 2 * 2 + 100 * 10 * 1.5) / 1e6],
  ['those of the cache too', 1000, 600, (400 * 2 * 2 + 600 * 0.5 * 2 + 100 * 10 * 1.5) / 1e6],
])('%s', async (_name, prompt, cached, cost) => {
  const used = { ...usage, prompt_tokens: prompt, prompt_tokens_details: { cached_tokens: cached } };
  const up = await upstream((r) => json(r, chatBody('x', used)));
  const gateway = await gatewayTo([], {
    providers: [
      {
        slug: 'p',
        url: up.url,
        models: [{ slug: 'a/m', prices: { ...prices, cacheRead: 0.5, longPrompt: LONG } }],
      },
    ],
  });
  await post(gateway, { ...ask, model: 'a/m' });
  expect((await gateway.record()).cost).toBeCloseTo(cost, 12);
});

test('a long prompt at the list price of a model that is known to charge for it', async () => {
  const long = { prompt_tokens: 300_000, completion_tokens: 1000, total_tokens: 301_000 };
  const up = await upstream((r) => json(r, chatBody('x', long)));
  const gateway = await gatewayTo([], { providers: [{ slug: 'xai', url: up.url, apiKey: 'k' }] });
  await post(gateway, { ...ask, model: 'x-ai/grok-4' });
  await post(gateway, { ...ask, model: 'x-ai/grok-3' });
  const [dear, plain] = gateway.records.map((r) => r.cost);
  // Both are listed at 3 and 15.
  expect(plain).toBeCloseTo(0.3 * 3 + 0.001 * 15, 9);
  expect(dear).toBeCloseTo(2 * (0.3 * 3 + 0.001 * 15), 9);
});
