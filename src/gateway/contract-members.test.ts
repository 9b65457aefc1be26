/** Members and headers of the contract that decide who answers, or what a request comes to. */
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Settlement } from '../accounts/contract.ts';
import type { StateaiError } from '../generation/errors.ts';
import { chatBody, json, openToAll, testGateway } from '../testing/gateway.ts';
import { opened } from '../testing/opened.ts';
import { ask, gatewayTo, post, upstream } from './gateway.fixture.ts';
import { generationRoutes } from './generation-routes.ts';

test('the sandbox is its own two models, and no name that somebody makes up', async () => {
  const gateway = await gatewayTo([]);
  for (const model of ['stateai/other', 'stateai/sandbox:nonsense', 'stateai/sandbox@preset/x'])
    expect((await post(gateway, { ...ask, model })).status, model).toBe(404);
});

test('what only OpenRouter can do is refused by name elsewhere, and reaches it', async () => {
  const [plain, router] = [
    await upstream((r) => json(r, chatBody())),
    await upstream((r) => json(r, chatBody())),
  ];
  const gateway = await gatewayTo([], {
    providers: [
      { slug: 'plain', url: plain.url, models: [{ slug: 'a/plain' }, { slug: 'a/both' }] },
      { slug: 'openrouter', url: router.url, models: [{ slug: 'a/both' }], dialects: ['chat'] },
    ],
  });
  const plugins = [{ id: 'web' }];
  const refused = await post(gateway, { ...ask, model: 'a/plain', plugins });
  expect(refused.status).toBe(400);
  expect((await refused.json()).error.message).toMatch(/^plugins would change the answer/);
  expect((await post(gateway, { ...ask, model: 'a/plain', preset: 'support' })).status).toBe(400);
  const off = [{ id: 'web', enabled: false }];
  expect((await post(gateway, { ...ask, model: 'a/plain', plugins: off })).status).toBe(200);
  for (let i = 0; i < 5; i++)
    expect((await post(gateway, { ...ask, model: 'a/both', plugins })).status).toBe(200);
  expect(router.requests).toHaveLength(5);
  expect(JSON.parse(router.requests[0]?.body ?? '')).toMatchObject({ plugins });
  for (const model of ['a/both@preset/support', '@preset/support']) {
    expect((await post(gateway, { ...ask, model })).status).toBe(200);
    expect(JSON.parse(router.requests.at(-1)?.body ?? '')).toMatchObject({ model });
  }
});

test('a session comes in the body or in the header, and the body goes before', async () => {
  const gateway = await gatewayTo([]);
  const sandbox = { ...ask, model: 'stateai/sandbox' };
  const headers = { 'x-session-id': 'of the header' };
  await post(gateway, { ...sandbox, session_id: 'of the body' });
  await post(gateway, sandbox, undefined, { headers });
  await post(gateway, { ...sandbox, session_id: 'of the body' }, undefined, { headers });
  const [body, header, both] = [await gateway.record(), await gateway.record(1), await gateway.record(2)];
  expect(header.session).not.toBeNull();
  expect(header.session).not.toBe(body.session);
  expect(both.session).toBe(body.session);
});

test('requests of one session go to one provider as long as it is well, those of many to all', async () => {
  const ups = await Promise.all([1, 2, 3].map(() => upstream((r) => json(r, chatBody()))));
  const gateway = await gatewayTo([], {
    providers: ups.map(({ url }, i) => ({
      slug: `p${i}`,
      url,
      models: [{ slug: 'a/m', prices: { prompt: 1, completion: 1 } }],
    })),
  });
  const counts = () => ups.map((up) => up.requests.length);
  for (let i = 0; i < 12; i++) await post(gateway, { ...ask, model: 'a/m', session_id: 'one' });
  expect(counts().sort()).toEqual([0, 0, 12]);
  for (let i = 0; i < 30; i++) await post(gateway, { ...ask, model: 'a/m', session_id: `session ${i}` });
  expect(Math.min(...counts())).toBeGreaterThan(1);
});

test('reasoning is hidden from whoever asks so in the older words, too', async () => {
  const up = await upstream((r) => {
    const body = chatBody();
    Object.assign(body.choices[0]?.message ?? {}, { reasoning_content: 'Hm.' });
    json(r, body);
  });
  const gateway = await gatewayTo([up]);
  const said = async (more: object) =>
    (await (await post(gateway, { ...ask, ...more })).json()).choices[0].message.reasoning;
  expect(await said({})).toBe('Hm.');
  expect(await said({ include_reasoning: false })).toBeUndefined();
});

test(':thinking asks for it in the words of each dialect', async () => {
  const up = await upstream((r) => json(r, {}, 500));
  const gateway = await gatewayTo([], {
    providers: [
      {
        slug: 'up',
        url: up.url,
        dialects: ['messages', 'responses'],
        models: [{ slug: 'a/claude', id: 'claude-sonnet-4-5' }],
      },
    ],
  });
  const model = 'a/claude:thinking';
  await post(gateway, { ...ask, model, max_tokens: 4000 }, '/messages');
  expect(JSON.parse(up.requests[0]?.body ?? '')).toMatchObject({
    model: 'claude-sonnet-4-5',
    thinking: { type: 'enabled', budget_tokens: 2000 },
  });
  await post(gateway, { model, input: 'Hi' }, '/responses');
  expect(JSON.parse(up.requests.at(-1)?.body ?? '')).toMatchObject({ reasoning: { effort: 'medium' } });
});

test('tokens are counted of models only that the key may use', async () => {
  const { account } = await openToAll.authenticate(null);
  const limits = { ...account.limits, models: ['a/*'] };
  const gateway = await opened(
    testGateway(
      { sandbox: true },
      { ...openToAll, authenticate: async () => ({ account: { ...account, limits }, key: null }) },
    ),
  );
  const response = await post(gateway, { ...ask, model: 'stateai/sandbox' }, '/messages/count_tokens');
  expect(response.status).toBe(403);
});

test('what every provider refused cost nothing, which is known; what broke off is not', async () => {
  const settled: Settlement[] = [];
  const up = await upstream((r, { body }) => {
    const { model } = JSON.parse(body);
    if (model === 'breaks') r.socket?.destroy();
    else json(r, { error: { message: 'no' } }, Number(model));
  });
  const gateway = await opened(
    testGateway(
      { providers: [{ slug: 'p0', url: up.url, lists: false }], retries: { perEndpoint: 0 } },
      { ...openToAll, reserve: async () => ({ settle: (s) => settled.push(s) }) },
    ),
  );
  for (const model of ['400', '429', '500', 'breaks']) await post(gateway, { ...ask, model: `p0/${model}` });
  expect(settled.map((s) => s.cost)).toEqual([0, 0, null, null]);
});

test('a provider that redirects is told so, and gets no second request', async () => {
  const up = await upstream((r) => r.writeHead(308, { location: '/elsewhere' }).end());
  const gateway = await gatewayTo([up], { retries: { perEndpoint: 0 } });
  const response = await post(gateway, ask);
  expect(response.status).toBe(502);
  expect((await response.json()).error.message).toMatch(/redirects .* 308/);
  expect(up.requests).toHaveLength(1);
});

test('no list of models takes the key to another address', async () => {
  const elsewhere = await upstream((r) => json(r, { data: [{ id: 'stolen' }] }));
  const up = await upstream((r) => r.writeHead(307, { location: `${elsewhere.url}/models` }).end());
  const gateway = await gatewayTo([], { providers: [{ slug: 'p0', url: up.url, apiKey: 'key' }] });
  const { listings, config } = gateway.gateway.upstreams();
  const [provider] = config.providers;
  if (!provider) throw new Error('There is one provider');
  await expect.poll(() => listings.status(provider)).toEqual({ models: null, error: 'HTTP 307' });
  expect(up.requests[0]).toMatchObject({ path: '/v1/models', headers: { authorization: 'Bearer key' } });
  expect(elsewhere.requests).toEqual([]);
});

test('a generation is asked for by one id', async () => {
  const gateway = await gatewayTo([]);
  for (const query of ['', '?id=', '?id=gen-1&id=gen-2', `?id=${'x'.repeat(300)}`])
    expect(await (await fetch(`${gateway.url}/generation${query}`)).text(), query).toContain(
      'Which generation?',
    );
});

test('of several nodes it is said that another one may know a generation', async () => {
  const { gateway } = await gatewayTo([]);
  const hintOf = async (isOneOfSeveral: boolean) => {
    const app = Fastify();
    const find = async () => null;
    let hint = '';
    app.setErrorHandler(async (error, _request, reply) => {
      hint = (error as StateaiError).next;
      return reply.code(404).send();
    });
    await app.register(generationRoutes({ gateway, find, hashAccount: (name) => name, isOneOfSeveral }));
    await app.inject({ url: '/generation?id=gen-1-x', headers: { host: 'localhost' } });
    return hint;
  };
  expect(await hintOf(true)).toMatch(/X-Generation-Id.*ask there/);
  expect(await hintOf(false)).not.toMatch(/ask there/);
});

test('who asks for the sandbox where there are providers is told how to keep it', async () => {
  const up = await upstream((r) => json(r, chatBody()));
  const providers = [{ slug: 'p0', url: up.url, models: [{ slug: 'a/m' }] }];
  const gateway = await gatewayTo([], { providers });
  const messageFor = async (model: string) => {
    const response = await post(gateway, { ...ask, model });
    expect(response.status).toBe(404);
    return (await response.json()).error.message;
  };
  expect(await messageFor('stateai/sandbox')).toContain('`sandbox: true`');
  expect(await messageFor('a/other')).toContain('GET /api/v1/models');
  expect(
    (await post(await gatewayTo([], { providers, sandbox: true }), { ...ask, model: 'stateai/sandbox' })).ok,
  ).toBe(true);
});

test('the list of models is filtered and sorted as asked, page by page, and by what the key may use', async () => {
  const { account } = await openToAll.authenticate(null);
  const limits = { ...account.limits, models: ['b/*'] };
  const model = (slug: string, prompt: number, contextTokens: number, ...supportedParameters: string[]) => ({
    slug,
    prices: { prompt, completion: prompt },
    contextTokens,
    supportedParameters,
  });
  const models = [
    model('a/large', 3, 200_000, 'tools'),
    model('b/small', 1, 8000),
    model('b/mid', 2, 32_000, 'tools'),
  ];
  const gateway = await opened(
    testGateway(
      { sandbox: false, providers: [{ slug: 'p0', url: 'http://127.0.0.1:9/v1', models }] },
      { ...openToAll, authenticate: async () => ({ account: { ...account, limits }, key: null }) },
    ),
  );
  const list = async (path: string) => (await fetch(`${gateway.url}/models${path}`)).json();
  const slugs = async (path: string) => (await list(path)).data.map((m: { id: string }) => m.id);
  expect(await slugs('?sort=pricing-low-to-high')).toEqual(['b/small', 'b/mid', 'a/large']);
  expect(await slugs('?supported_parameters=tools&sort=context-high-to-low')).toEqual(['a/large', 'b/mid']);
  expect(await slugs('?max_price=1.5')).toEqual(['b/small']);
  expect(await slugs('?q=MID')).toEqual(['b/mid']);
  expect(await slugs('?context=30000&model_authors=b')).toEqual(['b/mid']);
  expect(await slugs('?output_modalities=image')).toEqual([]);
  expect(await slugs('/user')).toEqual(['b/small', 'b/mid']);
  const { links, total_count } = await list('/user?limit=1&sort=pricing-high-to-low');
  expect(total_count).toBe(2);
  expect(links.next).toBe('/api/v1/models/user?limit=1&sort=pricing-high-to-low&offset=1');
  for (const wrong of ['?category=programming', '?sort=most-popular', '?max_price=cheap'])
    expect((await fetch(`${gateway.url}/models${wrong}`)).ok, wrong).toBe(false);
});
