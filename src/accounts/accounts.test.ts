import { sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { callerWith, codeOf, estimate, onBothDatabases, settlement } from './accounts.fixture.ts';
import type { HostingAccounts } from './accounts.ts';
import { openDatabase } from './database.ts';
import * as schema from './schema.ts';

const MALFORMED = 'sk-something';
const UNKNOWN = `sk-sa-v1-${'0'.repeat(64)}`;

onBothDatabases('accounts', (database) => {
  let accounts: HostingAccounts;

  it('let everybody in on this machine until the first key is made', async () => {
    accounts = await database.open({ open: true });
    for (const secret of [null, MALFORMED, UNKNOWN])
      expect(await accounts.authenticate(secret)).toMatchObject({ account: { id: 'local' }, key: null });
    const { secret } = await accounts.admin.createKey({ name: 'first' });
    expect(await accounts.authenticate(secret)).toMatchObject({ key: { name: 'first' } });
    for (const other of [null, MALFORMED, UNKNOWN])
      expect(await codeOf(accounts.authenticate(other))).toBe('unauthorized');
    const [only] = (await accounts.admin.listKeys()).items;
    await accounts.admin.deleteKey(only?.hash ?? '');
    expect(await codeOf(accounts.authenticate(null))).toBe('unauthorized');
  });

  it('show a secret once and keep a hash of it', async () => {
    const { secret, key } = await accounts.admin.createKey({ name: 'shown once' });
    expect(secret).toMatch(/^sk-sa-v1-[0-9a-f]{64}$/);
    expect(JSON.stringify(await accounts.admin.getKey(key.hash))).not.toContain(secret.slice(12, 40));
    expect(key.label).toBe(`sk-sa-v1-${secret.slice(9, 11)}…${secret.slice(-3)}`);
  });

  it('know no more of a key at once when it is disabled, expired, deleted, or its account disabled', async () => {
    const { secret, hash } = await callerWith(accounts, {});
    const works = async () => (await codeOf(accounts.authenticate(secret))) === null;
    expect(await works()).toBe(true);
    await accounts.admin.updateKey(hash, { disabled: true });
    expect(await works()).toBe(false);
    await accounts.admin.updateKey(hash, { disabled: false, expiresAt: Date.now() - 1 });
    expect(await works()).toBe(false);
    await accounts.admin.updateKey(hash, { expiresAt: null });
    expect(await works()).toBe(true);
    await accounts.admin.updateAccount('local', { disabled: true });
    expect(await works()).toBe(false);
    await accounts.admin.updateAccount('local', { disabled: false });
    expect(await works()).toBe(true);
    await accounts.admin.deleteKey(hash);
    expect(await codeOf(accounts.authenticate(secret))).toBe('unauthorized');
  });

  it('allow the models that key and account allow', async () => {
    const account = await accounts.admin.createAccount({
      name: 'Models',
      limits: { models: ['openai/*', 'x/y'] },
    });
    const caller = await callerWith(
      accounts,
      { models: ['openai/gpt-5', 'x/*', 'z/z'] },
      { account: account.id },
    );
    const may = (model: string) => codeOf(accounts.reserve(caller, { model, cost: 0, tokens: 1 }));
    expect(await may('openai/gpt-5')).toBeNull();
    expect(await may('openai/gpt-5:free')).toBeNull();
    expect(await may('x/y')).toBeNull();
    expect(await may('x/other')).toBe('model_not_allowed');
    expect(await may('z/z')).toBe('model_not_allowed');
    expect(await may('openai/gpt-5-mini')).toBe('model_not_allowed');
  });

  it('allow local models, which may have no author or more than one slash', async () => {
    const caller = await callerWith(accounts, { models: ['assistant', 'llama9:8b', 'org/team/deep'] });
    const may = (model: string) => codeOf(accounts.reserve(caller, { model, cost: 0, tokens: 1 }));
    for (const model of ['assistant', 'llama9:8b', 'org/team/deep']) expect(await may(model)).toBeNull();
    for (const model of ['assistant-2', 'llama9:70b', 'llama9', 'org/team', 'a/assistant'])
      expect(await may(model)).toBe('model_not_allowed');
  });

  it('keep management keys from being used for requests', async () => {
    const caller = await callerWith(accounts, {}, { management: true });
    expect(await codeOf(accounts.reserve(caller, estimate(0)))).toBe('forbidden');
  });

  it('count usage by day, key, model and provider, and unknown cost apart', async () => {
    const caller = await callerWith(accounts, {});
    const use = async (cost: number | null, more = {}) =>
      (await accounts.reserve(caller, estimate(null))).settle(settlement(cost, more));
    // 0.1 + 0.2 is not 0.3 in binary floating point; a thousand of them drift visibly.
    for (let n = 0; n < 1000; n += 1) await use(n % 2 === 0 ? 0.1 : 0.2);
    await use(null, { model: 'c/d' });
    await use(0, { model: 'c/d', byok: true, byokCost: 0.25 });
    await accounts.flush();
    const { usage } = await accounts.admin.getKey(caller.hash);
    expect(usage.day).toEqual(usage.total);
    expect(usage.total).toEqual({
      cost: 150,
      byokCost: 0.25,
      charged: 150,
      requests: 1002,
      unknownCost: 1,
      promptTokens: 6012,
      completionTokens: 4008,
      reasoningTokens: 1002,
    });
    const rows = await accounts.admin.usage({ by: ['day', 'model', 'provider'], key: caller.hash });
    expect(rows).toMatchObject([
      { model: 'a/b', provider: 'p', cost: 150, requests: 1000 },
      { model: 'c/d', cost: 0, requests: 2, unknownCost: 1 },
    ]);
  });

  it('settle once, and are not stopped by numbers that are none', async () => {
    const caller = await callerWith(accounts, {});
    const reservation = await accounts.reserve(caller, estimate(1));
    reservation.settle(
      settlement(Number.NaN, { promptTokens: Number.NaN, model: 'a/\0b\ud800', provider: null }),
    );
    reservation.settle(settlement(5));
    await accounts.flush();
    const [row] = await accounts.admin.usage({ by: ['model', 'provider'], key: caller.hash });
    expect(row).toMatchObject({
      model: 'a/b\ufffd',
      provider: '',
      cost: null,
      unknownCost: 1,
      requests: 1,
      promptTokens: 0,
    });
  });

  it('fold old days without changing what was spent in total', async () => {
    let now = Date.now() - 500 * 86_400_000;
    accounts = await database.open({ now: () => now });
    const caller = await callerWith(accounts, {});
    for (const model of ['a/b', 'c/d']) {
      (await accounts.reserve(caller, estimate(1))).settle(settlement(1, { model }));
      await accounts.flush();
      now += 300 * 86_400_000;
    }
    expect(await accounts.tidy()).toBe(1);
    const limited = { ...caller, key: caller.key && { ...caller.key, limits: { ...caller.key.limits } } };
    if (limited.key) limited.key.limits.spend = { total: 2.5 };
    // A limit that comes later knows what was spent before, folded or not.
    expect(await codeOf(accounts.reserve(limited, estimate(0.6)))).toBe('over_budget');
    expect(await codeOf(accounts.reserve(limited, estimate(0.4)))).toBeNull();
    const key = await accounts.admin.getKey(caller.hash);
    expect(key.usage.total).toMatchObject({ cost: 2, requests: 2, promptTokens: 12 });
  });

  it('keep provider keys encrypted, and give them to the gateway alone', async () => {
    const caller = await callerWith(accounts, {});
    const clear = 'sk-ant-a-provider-key-0123456789';
    expect(await accounts.byokKey(caller, 'anthropic')).toBeNull();
    await accounts.admin.setByokKey('local', 'anthropic', clear);
    expect(await accounts.byokKey(caller, 'anthropic')).toBe(clear);
    expect(await accounts.byokKey(caller, 'openai')).toBeNull();
    expect(JSON.stringify(await accounts.admin.listByokKeys('local'))).not.toContain('provider-key');
    await accounts.admin.setByokKey('local', 'anthropic', `${clear}2`);
    expect(await accounts.byokKey(caller, 'anthropic')).toBe(`${clear}2`);
    await accounts.admin.deleteByokKey('local', 'anthropic');
    expect(await accounts.byokKey(caller, 'anthropic')).toBeNull();
    expect(await codeOf(accounts.admin.setByokKey('nobody', 'anthropic', clear))).toBe('not_found');
  });

  it.each([
    [{ limits: { spend: { day: -1 } } }, 'bad_limits', 'limits.spend.day'],
    [{ limits: { spend: { year: 1 } } }, 'bad_limits', 'limits.spend.year'],
    [{ limits: { requestsPerMinute: 1.5 } }, 'bad_limits', 'limits.requestsPerMinute'],
    [{ limits: { models: ['gpt-*'] } }, 'bad_limits', 'limits.models'],
    [{ limits: { models: ['/gpt'] } }, 'bad_limits', 'limits.models'],
    [{ expiresAt: 'soon' }, 'bad_key', 'expiresAt'],
    [{ expiresAt: Date.UTC(2020, 0) }, 'bad_key', 'expiresAt is in the past'],
    [{ app: 'nobody’s' }, 'bad_key', 'app'],
    [{ name: '' }, 'bad_key', 'name'],
    [{ account: 'nobody' }, 'not_found', 'account'],
  ])('explain what is wrong with %j', async (input, code, words) => {
    const work = accounts.admin.createKey({ name: 'x', ...(input as object) });
    await expect(work).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('keep names of accounts apart, and count credits up and down', async () => {
    const made = await accounts.admin.createAccount({ name: 'Acme', country: 'de', credits: 5 });
    expect(made).toMatchObject({ country: 'DE', credits: 5, keys: 0 });
    expect(await codeOf(accounts.admin.createAccount({ name: 'ACME' }))).toBe('account_exists');
    const later = await accounts.admin.createAccount({ name: 'Pays afterwards' });
    expect(await codeOf(accounts.admin.addCredits(later.id, -1))).toBe('bad_account');
    expect((await accounts.admin.getAccount(later.id)).credits).toBeNull();
    await accounts.admin.deleteAccount(later.id);
    await Promise.all(Array.from({ length: 10 }, () => accounts.admin.addCredits(made.id, 0.1)));
    expect((await accounts.admin.getAccount(made.id)).credits).toBe(6);
    await accounts.admin.deleteAccount(made.id);
    expect(await codeOf(accounts.admin.getAccount(made.id))).toBe('not_found');
    expect(await codeOf(accounts.admin.deleteAccount('local'))).toBe('bad_account');
  });
});

it.each(['mysql://root:hidden@localhost/stateai', 'localhost/stateai', 'hidden'])(
  'an address of another database, %s, is refused and not repeated',
  async (databaseUrl) => {
    const opening = openDatabase({ dataDir: null, databaseUrl }, async () => undefined);
    await expect(opening).rejects.toMatchObject({
      code: 'bad_setting',
      message: expect.not.stringContaining('hidden'),
      next: expect.stringContaining('postgres://'),
    });
  },
);

describe('schema', () => {
  it('has in Drizzle what the migrations make', async () => {
    await using database = disposable(await openDatabase({ dataDir: null }, async () => undefined));
    const rows = await database.rows<{ t: string; c: string; nullable: string }>(
      sql`select table_name as t, column_name as c, is_nullable as nullable from information_schema.columns where table_schema = 'stateai'`,
    );
    for (const table of [
      schema.accounts,
      schema.keys,
      schema.providerKeys,
      schema.settings,
      schema.usage,
    ] as Parameters<typeof getTableConfig>[0][]) {
      const { name, columns } = getTableConfig(table);
      expect(columns.map((c) => `${c.name} ${c.notNull ? 'NO' : 'YES'}`).sort()).toEqual(
        rows
          .filter((row) => row.t === name)
          .map((row) => `${row.c} ${row.nullable}`)
          .sort(),
      );
    }
  });
});

const disposable = <T extends { close(): Promise<void> }>(value: T) => ({
  ...value,
  [Symbol.asyncDispose]: () => value.close(),
});
