/** Who answers where the first choice cannot, may not, or is paid by somebody else. */
import { expect, test } from 'vitest';
import type { Account, Caller, Estimate, Key } from '../accounts/contract.ts';
import { AccountsError } from '../accounts/errors.ts';
import {
  chatBody,
  type FakeUpstream,
  fakeUpstream,
  json,
  openToAll,
  testGateway,
} from '../testing/gateway.ts';
import { opened } from '../testing/opened.ts';
import type { ConfigFile } from './config/schema.ts';

const good = () => opened(fakeUpstream((r) => json(r, chatBody())));
const refusing = (status: number, error: object = { message: 'no' }) =>
  opened(fakeUpstream((r) => json(r, { error }, status)));
const serves = (slug: string, { url }: FakeUpstream, model = 'a/m') => ({
  slug,
  url,
  lists: false,
  models: [{ slug: model, prices: { prompt: 1, completion: 1 } }],
});
const ask = { model: 'a/m', messages: [{ role: 'user', content: 'Say hello.' }] };
const post = (gateway: { url: string }, body: object) =>
  fetch(`${gateway.url}/chat/completions`, { method: 'POST', body: JSON.stringify({ ...ask, ...body }) });
const retries = { perEndpoint: 0, baseMs: 1 };

const { account, key } = await openToAll.authenticate(null);
/** Everybody is this caller, with these keys of its own by provider. */
const callers = (
  limits: Partial<Account['limits']>,
  own: Record<string, string> = {},
  reserve: (estimate: Estimate) => void = () => undefined,
): typeof openToAll => {
  const caller: Caller = {
    account,
    key: { ...(key as Key | null), hash: 'h', limits: { ...account.limits, ...limits } } as Key,
  };
  return {
    ...openToAll,
    authenticate: async () => caller,
    byokKey: async (_, provider) => own[provider] ?? null,
    reserve: async (_, estimate) => {
      reserve(estimate);
      return { settle: () => undefined };
    },
  };
};

test('what the first model refuses the next one of `models` may take', async () => {
  const small = await refusing(400, { message: 'too long', code: 'context_length_exceeded' });
  const large = await good();
  const config: ConfigFile = { providers: [serves('s', small, 'a/small'), serves('l', large, 'a/large')] };
  const gateway = await opened(testGateway(config));
  const body = { model: undefined, models: ['a/small', 'a/large'] };
  expect(await (await post(gateway, body)).json()).toMatchObject({ model: 'a/large' });
  // Alone it is told, once, in the words of its provider.
  const alone = await post(gateway, { model: 'a/small' });
  expect([alone.status, (await alone.json()).error.message]).toEqual([400, 'too long']);
  expect(small.requests).toHaveLength(2);
});

test('what a translation has no words for goes to a provider that needs none', async () => {
  const up = await good();
  const claude = { slug: 'claude', urls: { messages: up.url }, models: [{ slug: 'a/m' }] };
  const gateway = await opened(testGateway({ providers: [claude, serves('chat', up)] }));
  const response = await post(gateway, { n: 2, provider: { order: ['claude', 'chat'] } });
  expect(await response.json()).toMatchObject({ provider: 'chat' });
});

test('a key that may use one model does not get another one by falling back', async () => {
  const [broken, dear] = [await refusing(500), await good()];
  const config = { retries, providers: [serves('b', broken, 'a/cheap'), serves('d', dear, 'a/dear')] };
  const gateway = await opened(testGateway(config, callers({ models: ['a/cheap'] })));
  expect((await post(gateway, { models: ['a/cheap', 'a/dear'], model: undefined })).status).toBe(502);
  expect(dear.requests).toHaveLength(0);
});

test('a key for a variant may use it', async () => {
  const up = await good();
  const models = [{ slug: 'a/m', prices: { prompt: 0, completion: 0 } }];
  const asked: string[] = [];
  const accounts = callers({ models: ['a/m:free'] }, {}, ({ model }) => void asked.push(model));
  const gateway = await opened(testGateway({ providers: [{ ...serves('p', up), models }] }, accounts));
  expect((await post(gateway, { model: 'a/m:free' })).status).toBe(200);
  expect(asked).toEqual(['a/m:free']);
});

test('usage names the variant that was sold, and not a way of routing', async () => {
  const up = await good();
  const models = [{ slug: 'a/m', prices: { prompt: 0, completion: 0 } }];
  const used: string[] = [];
  const accounts: typeof openToAll = {
    ...openToAll,
    reserve: async () => ({ settle: ({ model }) => void used.push(model) }),
  };
  const gateway = await opened(testGateway({ providers: [{ ...serves('p', up), models }] }, accounts));
  for (const [i, model] of ['a/m:free', 'a/m:nitro', 'a/m'].entries()) {
    await (await post(gateway, { model })).arrayBuffer();
    expect(await gateway.record(i)).toMatchObject({ model: 'a/m' });
  }
  expect(used).toEqual(['a/m:free', 'a/m', 'a/m']);
});

test('an account without money goes on with its own key, and does not fall back to the operator’s', async () => {
  const [broken, operators] = [await refusing(500), await good()];
  const config = { retries, providers: [serves('mine', broken), serves('theirs', operators)] };
  const accounts = callers({}, { mine: 'own' }, ({ byok }) => {
    if (!byok) throw new AccountsError('over_budget', 'The credits of the account are used up');
  });
  const gateway = await opened(testGateway(config, accounts));
  for (let i = 0; i < 4; i++) expect((await post(gateway, {})).status).toBe(502);
  expect(operators.requests).toHaveLength(0);
});

test('a stored key that cannot be read stops its provider alone', async () => {
  const [first, second] = [await good(), await good()];
  const config = { retries, providers: [serves('mine', first), serves('other', second)] };
  const gateway = await opened(
    testGateway(config, {
      ...callers({}),
      byokKey: async (_, provider) => {
        if (provider === 'mine') throw new AccountsError('byok_unreadable', 'It cannot be decrypted');
        return null;
      },
    }),
  );
  expect((await post(gateway, { provider: { order: ['other', 'mine'] } })).status).toBe(200);
  expect((await post(gateway, { provider: { order: ['mine', 'other'] } })).status).toBe(200);
  expect(second.requests).toHaveLength(2);
  expect((await post(gateway, { provider: { only: ['mine'] } })).status).toBe(503);
  expect(first.requests).toHaveLength(0);
});

test.each([401, 429])(
  'an account’s own key that gets %i does not stop the provider for others',
  async (status) => {
    const up = await opened(
      fakeUpstream((r, { headers }) =>
        headers.authorization === 'Bearer own'
          ? json(r, { error: { message: 'no' } }, status)
          : json(r, chatBody()),
      ),
    );
    const own: Record<string, string> = { p: 'own' };
    const config = { retries: { ...retries, failuresToOpen: 2 }, providers: [serves('p', up)] };
    const gateway = await opened(testGateway(config, callers({}, own)));
    for (let i = 0; i < 4; i++) expect((await post(gateway, {})).status).toBe(status === 401 ? 502 : 429);
    delete own.p;
    expect((await post(gateway, {})).status).toBe(200);
    expect(gateway.gateway.health.snapshot('p/a/m').uptime.last5m).toBe(1);
  },
);

test('OpenRouter gets the preferences for its own providers, without its own name', async () => {
  const up = await good();
  const config = { providers: [{ ...serves('openrouter', up, 'a/m'), apiKey: 'k' }] };
  const gateway = await opened(testGateway(config));
  const sent = async (provider: object) => {
    expect((await post(gateway, { provider })).status).toBe(200);
    return JSON.parse(up.requests.at(-1)?.body ?? '').provider;
  };
  expect(await sent({ only: ['deepinfra'], zdr: true })).toEqual({ only: ['deepinfra'], zdr: true });
  expect(await sent({ order: ['openrouter', 'deepinfra'] })).toEqual({ order: ['deepinfra'] });
  expect(await sent({ only: ['openrouter'], sort: 'price' })).toEqual({ sort: 'price' });
});
