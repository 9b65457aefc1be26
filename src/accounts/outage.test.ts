import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { PROJECT, temporaryDirectory } from '../testing/workspace.ts';
import { callerWith, codeOf, estimate, onPostgres, SECRET, settlement } from './accounts.fixture.ts';
import { openAccounts } from './accounts.ts';
import { openBudgets } from './budgets.ts';
import { unavailable } from './errors.ts';
import { freshCache } from './fresh-cache.ts';
import type { Store } from './store.ts';

const UNKNOWN = `sk-sa-v1-${'0'.repeat(64)}`;

onPostgres('a database that is down', (database) => {
  it('stops nobody who is known and has no limit, and loses nothing', async () => {
    const accounts = await database.open({ freshMs: 50 });
    const free = await callerWith(accounts, {});
    const limited = await callerWith(accounts, { spend: { day: 100 } });
    await accounts.admin.setByokKey('local', 'openai', 'sk-known-before');
    expect(await accounts.byokKey(free, 'openai')).toBe('sk-known-before');
    (await accounts.reserve(limited, estimate(1))).settle(settlement(1));
    await accounts.flush();
    await database.postgres?.stop();
    await sleep(100);

    expect((await accounts.authenticate(free.secret)).key?.hash).toBe(free.hash);
    expect(await accounts.byokKey(free, 'openai')).toBe('sk-known-before');
    for (let n = 0; n < 5; n += 1)
      await expect(accounts.authenticate(UNKNOWN)).rejects.toMatchObject({
        code: 'accounts_unavailable',
        retryAfter: expect.any(Number),
      });
    for (let n = 0; n < 200; n += 1)
      (await accounts.reserve(free, estimate(1))).settle(settlement(0.01, { model: `a/${n % 3}` }));
    const outcome = await codeOf(accounts.reserve(limited, estimate(50)));
    expect(outcome).toBe('accounts_unavailable');
    expect(await codeOf(accounts.flush())).toBe('accounts_unavailable');
    expect(accounts.status()).toEqual({ reachable: false, waitingRows: 3 });
    expect(await codeOf(accounts.admin.getKey(free.hash))).toBe('accounts_unavailable');

    await database.postgres?.start();
    await accounts.flush();
    expect(accounts.status()).toEqual({ reachable: true, waitingRows: 0 });
    const { usage } = await accounts.admin.getKey(free.hash);
    expect(usage.total).toMatchObject({ cost: 2, requests: 200 });
    expect(await codeOf(accounts.reserve(limited, estimate(50)))).toBeNull();
    expect(await codeOf(accounts.reserve(limited, estimate(50)))).toBe('over_budget');
  });

  it('ends no process when it goes in the middle of a transaction', async () => {
    const databaseUrl = (await database.postgres?.database()) ?? '';
    const accounts = await database.open({ databaseUrl });
    const other = new pg.Client({ connectionString: databaseUrl });
    other.on('error', () => undefined);
    await other.connect();
    await other.query('select pg_advisory_lock(4141002)');
    const tidied = codeOf(accounts.tidy());
    await sleep(300);
    await database.postgres?.stop();
    // Who would end the process is told of by the test runner.
    expect(await tidied).toBe('accounts_unavailable');
    await database.postgres?.start();
    expect(await codeOf(accounts.tidy())).toBeNull();
  });

  it('is brought up to date once when several nodes start together', async () => {
    const databaseUrl = await database.postgres?.database();
    const nodes = await Promise.all(
      Array.from({ length: 4 }, () =>
        openAccounts({ databaseUrl, dataDir: null, secret: SECRET, open: false }),
      ),
    );
    expect((await nodes[3]?.admin.listAccounts())?.items).toMatchObject([{ id: 'local' }]);
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('says so when the accounts cannot be opened, without the URL', async () => {
    const url = 'postgres://user:password@127.0.0.1:1/none';
    const error = await openAccounts({ databaseUrl: url, dataDir: null, secret: SECRET, open: false }).catch(
      (e: Error) => e,
    );
    expect(error).toMatchObject({
      code: 'accounts_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(String(error)).not.toContain('password');
  });

  it('applies an exchange once when its answer is lost', async () => {
    const accounts = await database.open();
    const caller = await callerWith(accounts, { spend: { total: 10 } });
    let lose = 0;
    const store: Store = {
      ...accounts.store,
      async exchange(batch) {
        const answer = await accounts.store.exchange(batch);
        lose -= 1;
        if (lose >= 0) throw unavailable('the answer was lost');
        return answer;
      },
    };
    const budgets = openBudgets(store, { flushMs: 1e6, leaseMs: 20_000, now: Date.now });
    const spend = async (cost: number) =>
      (await budgets.reserve(caller, estimate(cost))).settle(settlement(cost));
    await spend(1);
    lose = 2;
    expect(await codeOf(budgets.flush())).toBe('accounts_unavailable');
    expect(await codeOf(budgets.flush())).toBe('accounts_unavailable');
    await budgets.flush();
    lose = 1;
    // What was wanted may have been granted, though nobody heard of it: it is not lost.
    expect(await codeOf(budgets.reserve(caller, estimate(8)))).toBe('accounts_unavailable');
    await budgets.flush();
    await spend(9);
    await budgets.close();
    expect((await accounts.admin.getKey(caller.hash)).usage.total).toMatchObject({ cost: 10, requests: 2 });
    expect(await codeOf(accounts.reserve(caller, estimate(0.1)))).toBe('over_budget');
  });
});

describe('a process that is killed', () => {
  it('loses what was not flushed and leaves a directory that opens again', async () => {
    await using dir = await temporaryDirectory();
    const child = spawn(
      process.execPath,
      ['--input-type=module', '-e', SPENDER, join(PROJECT, 'src/accounts/accounts.ts'), dir.path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    // Told after the flush: a line says how much is in the database.
    let flushed = 0;
    for await (const chunk of child.stdout) {
      flushed = Number(String(chunk).trim().split('\n').at(-1));
      if (flushed >= 20) break;
    }
    const inUse = openAccounts({ dataDir: dir.path, secret: SECRET, open: false });
    expect(await codeOf(inUse)).toBe('accounts_in_use');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const accounts = await openAccounts({ dataDir: dir.path, secret: SECRET, open: false });
    const [sum] = await accounts.admin.usage({ by: [] });
    expect(sum?.requests).toBeGreaterThanOrEqual(flushed);
    await accounts.close();
  });
});

const SPENDER = `
const [path, dataDir] = process.argv.slice(1);
const { openAccounts } = await import(path);
const accounts = await openAccounts({ dataDir, secret: 'a secret of a workspace, for tests', open: true });
const caller = await accounts.authenticate(null);
for (let n = 1; ; n += 1) {
  const r = await accounts.reserve(caller, { model: 'a/b', cost: 1, tokens: 1 });
  r.settle({ model: 'a/b', provider: null, cost: 1, byok: false, byokCost: null, requests: 1, promptTokens: 1, completionTokens: 1, reasoningTokens: 0 });
  await accounts.flush();
  console.log(n);
}`;

describe('a cache of answers', () => {
  const options = { freshMs: 40, staleMs: 100_000, absentMs: 1000, size: 3 };

  it('asks once for many, remembers what does not exist, and keeps floods apart', async () => {
    const asked: string[][] = [];
    const cache = freshCache<string>({
      ...options,
      freshMs: 1000,
      async load(keys) {
        asked.push(keys);
        return keys.map((key) => (key.startsWith('no') ? null : `value of ${key}`));
      },
    });
    const both = await Promise.all([cache.get('a'), cache.get('a'), cache.get('b'), cache.get('no')]);
    expect(both).toEqual(['value of a', 'value of a', 'value of b', null]);
    expect(asked).toEqual([['a', 'b', 'no']]);
    await Promise.all(Array.from({ length: 500 }, (_, n) => cache.get(`no${n}`)));
    expect(asked.length).toBeLessThanOrEqual(5);
    const before = asked.length;
    expect(await cache.get('a')).toBe('value of a');
    expect(await cache.get('no499')).toBeNull();
    expect(asked).toHaveLength(before);
  });

  it('gives what is old while the source is down, but not what was taken away', async () => {
    let down = false;
    const cache = freshCache<string>({
      ...options,
      async load(keys) {
        if (down) throw unavailable('down');
        return keys.map((key) => `value of ${key}`);
      },
    });
    await Promise.all([cache.get('a'), cache.get('b')]);
    down = true;
    await sleep(60);
    cache.forget((_, key) => key === 'b');
    expect(await cache.get('a')).toBe('value of a');
    expect(await codeOf(cache.get('b'))).toBe('accounts_unavailable');
    expect(await codeOf(cache.get('c'))).toBe('accounts_unavailable');
  });

  it('does not keep what was read before a change', async () => {
    let value = 1;
    const gate = Promise.withResolvers<void>();
    const cache = freshCache<number>({
      ...options,
      freshMs: 1000,
      async load() {
        const read = value;
        await gate.promise;
        return [read];
      },
    });
    const first = cache.get('a');
    await sleep(1);
    value = 2;
    cache.forget(() => true);
    gate.resolve();
    expect(await first).toBe(2);
  });
});
