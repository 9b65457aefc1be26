import { OpenRouter } from '@openrouter/sdk';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callerWith, estimate, SECRET, settlement } from './accounts.fixture.ts';
import { type HostingAccounts, openAccounts } from './accounts.ts';
import { accountAdminRoutes } from './admin-routes.ts';
import { accountRoutes } from './routes.ts';
import { dayOf } from './windows.ts';

const ADMIN = 'the admin secret of this test';

describe('the API of accounts', () => {
  let accounts: HostingAccounts;
  let server: FastifyInstance;
  let url: string;
  const sdk = (apiKey: string) => new OpenRouter({ apiKey, serverURL: `${url}/api/v1` });
  const json = async (method: string, path: string, body?: unknown, secret = ADMIN) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };

  beforeAll(async () => {
    accounts = await openAccounts({ dataDir: null, secret: SECRET, open: true });
    const isAdmin = (request: { headers: { authorization?: string } }) =>
      request.headers.authorization === `Bearer ${ADMIN}`;
    server = Fastify();
    const requireOwnMachine = () => undefined;
    await server.register(accountRoutes({ accounts, isAdmin, requireOwnMachine }), { prefix: '/api/v1' });
    await server.register(accountAdminRoutes({ accounts, isAdmin }), { prefix: '/stats/v1/admin' });
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await server.close();
    await accounts.close();
  });

  it('serves everybody while the gateway is open', async () => {
    const { data } = await sdk('anything').apiKeys.getCurrentKeyMetadata();
    expect(data).toMatchObject({ label: 'local', limit: null, workspaceId: 'local', usage: 0 });
    expect((await sdk('anything').apiKeys.list()).data).toEqual([]);
    expect((await sdk('anything').analytics.getUserActivity()).data).toEqual([]);
  });

  describe('once there are keys', () => {
    let management: string;
    let used: Awaited<ReturnType<typeof callerWith>>;

    beforeAll(async () => {
      management = (await callerWith(accounts, {}, { name: 'manager', management: true })).secret;
      used = await callerWith(accounts, { spend: { day: 5, total: 3 }, requestsPerMinute: 100 });
      const spend = async (cost: number, more = {}) =>
        (await accounts.reserve(used, estimate(cost))).settle(settlement(cost, more));
      await spend(0.25);
      await spend(0.5, { model: 'c/d:free', provider: 'q' });
    });

    it('tells a key about itself', async () => {
      const { data } = await sdk(used.secret).apiKeys.getCurrentKeyMetadata();
      expect(data).toMatchObject({
        label: used.key?.label,
        limit: 3,
        limitRemaining: 2.25,
        limitReset: null,
        usage: 0.75,
        usageDaily: 0.75,
        usageWeekly: 0.75,
        usageMonthly: 0.75,
        byokUsage: 0,
        isManagementKey: false,
        rateLimit: { requests: 100 },
        freeModelDailyRequests: { used: 1 },
      });
    });

    it('tells credits and activity', async () => {
      await accounts.admin.updateAccount('local', { credits: 10 });
      expect((await sdk(used.secret).credits.getCredits()).data).toEqual({
        totalCredits: 10,
        totalUsage: 0.75,
      });
      const all = (await sdk(management).analytics.getUserActivity()).data;
      expect(all).toHaveLength(2);
      const date = dayOf(Date.now());
      const { data } = await sdk(management).analytics.getUserActivity({ date, apiKeyHash: used.hash });
      expect(data[1]).toEqual({
        date,
        model: 'a/b',
        modelPermaslug: 'a/b',
        endpointId: 'p/a/b',
        providerName: 'p',
        usage: 0.25,
        byokUsageInference: 0,
        requests: 1,
        promptTokens: 6,
        completionTokens: 4,
        reasoningTokens: 1,
      });
      const none = await sdk(management).analytics.getUserActivity({ apiKeyHash: 'f'.repeat(64) });
      expect(none.data).toEqual([]);
      await expect(sdk(management).analytics.getUserActivity({ date: '2020-01-01' })).rejects.toMatchObject({
        statusCode: 400,
      });
    });

    it('makes, lists, changes and deletes keys', async () => {
      const { apiKeys } = sdk(management);
      const expiresAt = new Date(Date.now() + 86_400_000);
      const { key: secret, data: made } = await apiKeys.create({
        requestBody: { name: 'made', limit: 5, limitReset: 'monthly', includeByokInLimit: true, expiresAt },
      });
      expect(made).toMatchObject({
        name: 'made',
        limit: 5,
        limitRemaining: 5,
        limitReset: 'monthly',
        includeByokInLimit: true,
        expiresAt,
        disabled: false,
      });
      expect((await accounts.authenticate(secret)).key?.limits.spend).toEqual({ month: 5 });
      const { hash } = made;
      const change = async (requestBody: object) => (await apiKeys.update({ hash, requestBody })).data;
      expect(await change({ limit: 7 })).toMatchObject({ limit: 7, limitReset: 'monthly' });
      expect(await change({ limitReset: 'daily' })).toMatchObject({ limit: 7, limitReset: 'daily' });
      expect(await change({ limit: 0 })).toMatchObject({ limit: 0 });
      expect(await change({ limit: null })).toMatchObject({ limit: null, limitReset: null });
      expect(await change({ name: 'renamed', disabled: true })).toMatchObject({
        name: 'renamed',
        disabled: true,
      });
      expect((await apiKeys.get({ hash })).data).toMatchObject({ name: 'renamed', workspaceId: 'local' });
      expect((await apiKeys.list()).data.map((key) => key.hash)).not.toContain(hash);
      expect((await apiKeys.list({ includeDisabled: true })).data.map((key) => key.hash)).toContain(hash);
      expect((await apiKeys.list({ includeDisabled: true, offset: 1000 })).data).toEqual([]);
      expect(await apiKeys.delete({ hash })).toEqual({ deleted: true });
      await expect(apiKeys.get({ hash })).rejects.toMatchObject({ statusCode: 404 });
    });

    it('changes the limit that it shows, and leaves the others', async () => {
      const { hash } = await callerWith(accounts, { spend: { day: 1, total: 100 }, models: ['a/*'] });
      const { apiKeys } = sdk(management);
      await apiKeys.update({ hash, requestBody: { limit: 2 } });
      expect((await accounts.admin.getKey(hash)).limits).toMatchObject({
        spend: { day: 2, total: 100 },
        models: ['a/*'],
      });
    });

    it('keeps accounts apart', async () => {
      const account = await accounts.admin.createAccount({ name: 'Other' });
      const other = await callerWith(accounts, {}, { account: account.id, management: true });
      expect((await sdk(other.secret).apiKeys.list()).data.map((key) => key.workspaceId)).toEqual([
        account.id,
      ]);
      expect((await sdk(other.secret).analytics.getUserActivity()).data).toEqual([]);
      await expect(sdk(other.secret).apiKeys.get({ hash: used.hash })).rejects.toMatchObject({
        statusCode: 404,
      });
      await expect(sdk(other.secret).apiKeys.list({ workspaceId: 'local' })).rejects.toMatchObject({
        statusCode: 403,
      });
    });

    it.each([
      ['GET', '/api/v1/key', undefined, 'sk-wrong', 401],
      ['GET', '/api/v1/keys', undefined, 'sk-wrong', 401],
      ['POST', '/api/v1/keys', {}, ADMIN, 400],
      ['POST', '/api/v1/keys', { name: 'x', limit: 'much' }, ADMIN, 400],
      ['POST', '/api/v1/keys', { name: 'x', limit_reset: 'yearly' }, ADMIN, 400],
      ['POST', '/api/v1/keys', { name: 'x', expires_at: 'soon' }, ADMIN, 400],
      ['POST', '/api/v1/keys', { name: 'x', workspace_id: 'nobody' }, ADMIN, 404],
      ['DELETE', '/api/v1/keys/unknown', undefined, ADMIN, 404],
    ])('%s %s %j as %s is an error %d', async (method, path, body, secret, status) => {
      const answer = await json(method, path, body, secret);
      expect(answer).toMatchObject({
        status,
        body: { error: { code: status, message: expect.any(String) } },
      });
    });

    it('deletes for clients that say JSON with every request', async () => {
      const headers = { Authorization: `Bearer ${ADMIN}`, 'Content-Type': 'application/json' };
      for (const path of ['/api/v1/keys', '/stats/v1/admin/keys']) {
        const { key } = await accounts.admin.createKey({ name: 'short' });
        const response = await fetch(`${url}${path}/${key.hash}`, { method: 'DELETE', headers });
        expect(response.ok, path).toBe(true);
        const empty = await fetch(`${url}${path}`, { method: 'POST', headers });
        expect(empty.status).toBe(400);
      }
    });

    it.each([
      ['Authorization', 'Bearer SECRET'],
      ['Authorization', 'bearer   SECRET'],
      ['x-api-key', 'SECRET'],
      ['api-key', 'SECRET'],
    ])('takes a key in %s: %s', async (name, value) => {
      const headers = { [name]: value.replace('SECRET', used.secret) };
      expect((await fetch(`${url}/api/v1/key`, { headers })).status).toBe(200);
    });

    it('lets a key that is no management key manage nothing', async () => {
      await expect(sdk(used.secret).apiKeys.list()).rejects.toMatchObject({ statusCode: 403 });
      await expect(sdk(used.secret).analytics.getUserActivity()).rejects.toMatchObject({ statusCode: 403 });
    });
  });

  describe('for the admin page', () => {
    const path = '/stats/v1/admin';
    let account: { id: string };

    beforeEach(async () => {
      const name = `Page ${Math.random()}`;
      const made = await json('POST', `${path}/accounts`, { name, country: 'fr', apps: ['app'] });
      expect(made).toMatchObject({ status: 201, body: { name, country: 'FR', sampling: true } });
      account = made.body;
    });

    it('asks for the admin secret', async () => {
      expect(await json('GET', `${path}/accounts`, undefined, 'wrong')).toMatchObject({
        status: 401,
        body: { error: { code: 'unauthorized', next: expect.any(String) } },
      });
    });

    it('manages accounts, keys and provider keys', async () => {
      const at = `${path}/accounts/${account.id}`;
      const limits = { spend: { month: 20 }, requestsPerMinute: 60, models: ['a/*'] };
      expect(await json('PATCH', at, { limits, sampling: false })).toMatchObject({
        body: { sampling: false, limits: { ...limits, tokensPerMinute: null } },
      });
      expect(await json('POST', `${at}/credits`, { usd: 2.5 })).toMatchObject({ body: { credits: 2.5 } });
      expect(await json('PATCH', at, { country: 'France' })).toMatchObject({
        status: 400,
        body: { error: { code: 'bad_account', message: 'country is not right' } },
      });

      const { body: made } = await json('POST', `${path}/keys`, {
        account: account.id,
        name: 'page key',
        app: 'app',
        limits,
      });
      expect(made.secret).toMatch(/^sk-sa-v1-/);
      const { hash } = made.key;
      expect(await json('GET', `${path}/keys?account=${account.id}`)).toMatchObject({
        body: { total: 1, items: [{ hash, app: 'app' }] },
      });
      expect(await json('GET', `${path}/keys?search=${hash.slice(0, 12)}`)).toMatchObject({
        body: { total: 1 },
      });
      expect(await json('PATCH', `${path}/keys/${hash}`, { disabled: true })).toMatchObject({
        body: { disabled: true },
      });

      const key = 'sk-their-own-provider-key-000';
      expect(await json('PUT', `${at}/byok/openai`, { key })).toMatchObject({ body: { label: 'sk-…000' } });
      const listed = await json('GET', `${at}/byok`);
      expect(listed.body.items).toHaveLength(1);
      expect(JSON.stringify(listed.body)).not.toContain('provider-key');
      expect(await json('DELETE', `${at}/byok/openai`)).toEqual({ status: 204, body: null });
      expect(await json('DELETE', `${path}/keys/${hash}`)).toEqual({ status: 204, body: null });
      expect(await json('DELETE', at)).toEqual({ status: 204, body: null });
      expect(await json('GET', at)).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    });

    it('says what is wrong with input of the wrong kind, and takes none of it for something else', async () => {
      const at = `${path}/accounts/${account.id}`;
      const wrong: [string, string, unknown?][] = [
        ...[true, '5', null, '', [5], { valueOf: 5 }, 1e300, -1e300].map((usd): [string, string, unknown] => [
          'POST',
          `${at}/credits`,
          { usd },
        ]),
        ...[5, true, null, '', 'a b', 'a\nb', ['k']].map((key): [string, string, unknown] => [
          'PUT',
          `${at}/byok/openai`,
          { key },
        ]),
        ['PUT', `${at}/byok/__proto__`, { key: 'k' }],
        ...[5, '', '\0', 'x'.repeat(201), null, {}, ['n']].map((name): [string, string, unknown] => [
          'POST',
          `${path}/accounts`,
          { name },
        ]),
        ['POST', `${path}/accounts`, { name: 'n', toString: 1 }],
        ['POST', `${path}/accounts`, { name: 'n', limits: { spend: { constructor: 1 } } }],
        ['POST', `${path}/accounts`, { name: 'n', credits: 1e7 }],
        ['POST', `${path}/accounts`, []],
        ['PATCH', at, { disabled: 'false' }],
        ['PATCH', at, { limits: { requestsPerMinute: 2 ** 53 } }],
        ['POST', `${path}/keys`, { name: 'n', account: 'a\0' }],
        ['POST', `${path}/keys`, { name: 'n', account: 5 }],
        ['POST', `${path}/keys`, { name: 'n', expiresAt: '2030-01-01' }],
        ['GET', `${path}/keys?search=%00`],
        ['GET', `${path}/keys?offset=1e300`],
        ['GET', `${path}/keys?offset=9007199254740993`],
        ['GET', `${path}/accounts/%00`],
        ['DELETE', `${path}/keys/%00`],
        ['GET', `${path}/usage?by=__proto__`],
        ['GET', `${path}/usage?account=%00`],
        ['GET', `${path}/usage?from=2026-02-31`],
        ['GET', `${path}/usage?from=0000-01-01`],
        ['GET', `${path}/usage?to=2026-01-01T00:00:00%2B14:00`],
        ...(['limit', 'name', 'include_byok_in_limit', 'expires_at', 'workspace_id'] as const).flatMap(
          (field) =>
            [true, '', 5, {}].map((value): [string, string, unknown] => [
              'POST',
              '/api/v1/keys',
              { name: 'n', [field]: value },
            ]),
        ),
        ['GET', '/api/v1/keys/%00'],
        ['GET', '/api/v1/activity?api_key_hash=%00'],
      ];
      const before = (await accounts.admin.listKeys()).total;
      for (const [method, url, sent] of wrong) {
        const isRight =
          url === '/api/v1/keys' && /"limit":5|"include_byok_in_limit":true/.test(JSON.stringify(sent));
        const { status, body: answer } = await json(method, url, sent);
        const what = `${method} ${url} ${JSON.stringify(sent)}: ${JSON.stringify(answer)}`;
        if (isRight) expect(status, what).toBe(201);
        else expect([400, 404], what).toContain(status);
        if (status !== 201) expect(answer.error.message, what).not.toBe('');
      }
      expect((await accounts.admin.listKeys()).total).toBe(before + 2);
      expect((await json('GET', at)).body).toMatchObject({ credits: null, disabled: false });
    });

    it('reads a time without an offset as UTC', async () => {
      const made = await json('POST', '/api/v1/keys', { name: 'ends', expires_at: '2099-01-31 10:00' });
      expect(made.body.data.expires_at).toBe('2099-01-31T10:00:00.000Z');
    });

    it('keeps credits within what is exact', async () => {
      const { body: rich } = await json('POST', `${path}/accounts`, { name: 'rich', credits: 8.9e6 });
      const add = (usd: number) => json('POST', `${path}/accounts/${rich.id}/credits`, { usd });
      expect(await add(1e5)).toMatchObject({ status: 200, body: { credits: 9e6 } });
      expect(await add(1)).toMatchObject({ status: 400, body: { error: { code: 'bad_account' } } });
      expect(await add(-9e6)).toMatchObject({ status: 200, body: { credits: 0 } });
    });

    it('many at once: each is answered, and what is deleted is gone', async () => {
      const { body: short } = await json('POST', `${path}/accounts`, { name: 'short' });
      const at = `${path}/accounts/${short.id}`;
      const answers = await Promise.all([
        ...Array.from({ length: 10 }, (_, n) =>
          json('POST', `${path}/keys`, { name: `k${n}`, account: short.id }),
        ),
        ...Array.from({ length: 5 }, () => json('DELETE', at)),
        ...Array.from({ length: 5 }, () => json('PATCH', at, { name: 'short' })),
        ...Array.from({ length: 5 }, () => json('PUT', `${at}/byok/openai`, { key: 'k' })),
        ...Array.from({ length: 5 }, () => json('POST', `${at}/credits`, { usd: 1 })),
      ]);
      for (const { status, body: answer } of answers)
        expect([200, 201, 204, 404], JSON.stringify(answer)).toContain(status);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      expect((await json('GET', at)).status).toBe(404);
      expect((await json('GET', `${path}/keys?account=${short.id}`)).body.total).toBe(0);
    });

    it('shows usage by what is asked for', async () => {
      const caller = await callerWith(accounts, {}, { account: account.id });
      (await accounts.reserve(caller, estimate(1))).settle(settlement(1));
      (await accounts.reserve(caller, estimate(1))).settle(settlement(null, { model: 'c/d' }));
      const activity = await json('GET', `/api/v1/activity?api_key_hash=${caller.hash}`);
      expect(activity.body.data).toMatchObject([
        { model: 'a/b', usage: 1, is_cost_known: true },
        { model: 'c/d', usage: 0, is_cost_known: false },
      ]);
      const { body } = await json('GET', `${path}/usage?by=model,key&account=${account.id}`);
      expect(body.rows).toMatchObject([
        { model: 'a/b', key: caller.hash, cost: 1, requests: 1, unknownCost: 0 },
        { model: 'c/d', key: caller.hash, cost: null, requests: 1, unknownCost: 1 },
      ]);
      expect(await json('GET', `${path}/usage?by=colour`)).toMatchObject({ status: 400 });
      expect(await json('GET', `${path}/status`)).toMatchObject({ body: { reachable: true } });
    });
  });
});
