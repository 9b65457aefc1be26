import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET } from '../accounts/accounts.fixture.ts';
import { type HostingAccounts, openAccounts } from '../accounts/accounts.ts';
import { accountAdminRoutes } from '../accounts/admin-routes.ts';
import { writeServerAddress } from '../accounts/server-address.ts';
import { cli, temporaryDirectory } from '../testing/workspace.ts';

describe('stateai keys', () => {
  let dir: Awaited<ReturnType<typeof temporaryDirectory>>;
  const keys = (...args: string[]) => cli(['keys', ...args, '--data', dir.path]);

  beforeAll(async () => {
    dir = await temporaryDirectory();
  });
  afterAll(() => dir[Symbol.asyncDispose]());

  it('makes a key that exists from then on, without a server', async () => {
    const made = await keys(
      ...['create', 'ci', '--account', 'Acme', '--country', 'de', '--app', 'builds', '--limit-day', '5'],
      ...['--models', 'openai/*,anthropic/claude-x', '--expires', '30d', '--rpm', '60', '--format', 'json'],
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { secret, key } = JSON.parse(made.stdout);
    expect(secret).toMatch(/^sk-sa-v1-[0-9a-f]{64}$/);
    expect(key).toMatchObject({
      name: 'ci',
      app: 'builds',
      limits: {
        spend: { day: 5 },
        requestsPerMinute: 60,
        tokensPerMinute: null,
        models: ['openai/*', 'anthropic/claude-x'],
      },
    });
    expect(key.expiresAt).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const shown = await keys('show', 'CI');
    expect(shown.stdout).toContain('$5 a day, 60 requests/min');
    expect(shown.stdout).not.toContain(secret);
  });

  it('makes a key that sends records, and calls no models', async () => {
    const made = await keys('create', 'feed', '--ingest', '--format', 'json');
    expect(JSON.parse(made.stdout).key).toMatchObject({ ingest: true, management: false });
    expect((await keys('list')).stdout).toMatch(/feed .* ingest /);
    expect((await keys('create', 'both', '--ingest', '--management')).code).toBe(2);
    expect((await keys('delete', 'feed')).code).toBe(0);
  });

  it('says what is wrong', async () => {
    expect(await keys('create', 'x', '--expires', 'soon')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('30d'),
    });
    expect(await keys('create', 'x', '--limit-day', 'much')).toMatchObject({ code: 2 });
  });

  describe('while the server runs', () => {
    const server = Fastify();
    let accounts: HostingAccounts;
    let forget: () => Promise<void>;

    beforeAll(async () => {
      accounts = await openAccounts({ dataDir: dir.path, secret: SECRET, open: true });
      await server.register(accountAdminRoutes({ accounts, isAdmin: () => true }), {
        prefix: '/stats/v1/admin',
      });
      const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
      forget = await writeServerAddress(dir.path, '127.0.0.1', Number(port));
    });
    afterAll(async () => {
      await forget();
      await server.close();
      await accounts.close();
    });

    it('asks it, and what it changes is in force at once', async () => {
      const made = await keys('create', 'second', '--account', 'acme', '--app', 'other');
      expect(made.code).toBe(0);
      const secret = made.stdout.trim();
      expect(made.stderr).toContain('not shown again');
      const { key, account } = await accounts.authenticate(secret);
      expect(key).toMatchObject({ name: 'second', app: 'other' });
      expect(account).toMatchObject({ name: 'Acme', country: 'DE', apps: ['builds', 'other'] });

      expect((await keys('list')).stdout).toMatch(/second .* Acme .*\n.*ci /);
      expect((await keys('disable', key?.hash.slice(0, 10) ?? '')).stdout).toContain('disabled');
      await expect(accounts.authenticate(secret)).rejects.toMatchObject({ code: 'unauthorized' });
      expect((await keys('enable', key?.label ?? '')).code).toBe(0);
      await accounts.authenticate(secret);
      expect((await keys('delete', 'second')).code).toBe(0);
      expect(await keys('show', 'second')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('There is no key second'),
      });
      expect(JSON.parse((await keys('list', '--format', 'json')).stdout)).toMatchObject([{ name: 'ci' }]);
    });
  });
});
