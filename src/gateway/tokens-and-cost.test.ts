/** What a request took and cost, also where nobody counted. */
import { expect, test } from 'vitest';
import { chatBody, json } from '../testing/gateway.ts';
import { ask, gatewayTo, post, upstream } from './gateway.fixture.ts';

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

test('tokens are estimated where a provider of Messages has no path to count them', async () => {
  const up = await upstream((r) => json(r, { detail: 'Not Found' }, 404));
  const gateway = await gatewayTo([], {
    providers: [{ slug: 'up', urls: { messages: up.url }, models: [{ slug: 'up/m' }] }],
  });
  const response = await post(gateway, { ...ask, model: 'up/m' }, '/messages/count_tokens');
  expect(response.status).toBe(200);
  expect((await response.json()).input_tokens).toBeGreaterThan(5);
});
