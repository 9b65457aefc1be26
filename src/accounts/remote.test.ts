import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../testing/workspace.ts';
import { SECRET } from './accounts.fixture.ts';
import { type HostingAccounts, openAccounts } from './accounts.ts';
import { processChannel } from './channel.ts';
import { serveAccounts } from './remote.ts';

/** A worker as the server has them: it is told what to do line by line, and answers. */
const WORKER = `
const { remoteAccounts } = await import(process.argv[1]);
const { processChannel } = await import(process.argv[2]);
const accounts = remoteAccounts(processChannel(process), { freshMs: 60_000 });
const code = async (work) => { try { return await work(); } catch (error) { return error.code; } };
const settlement = { model: 'a/b', provider: 'p', cost: 0.01, byok: false, byokCost: null, requests: 1, promptTokens: 1, completionTokens: 1, reasoningTokens: 0 };
const commands = {
  name: (secret) => code(async () => (await accounts.authenticate(secret)).key?.name ?? 'open'),
  byok: (secret) => code(async () => accounts.byokKey(await accounts.authenticate(secret), 'openai')),
  spend: async (secret, n) => {
    const caller = await accounts.authenticate(secret);
    const codes = await Promise.all(Array.from({ length: n }, () => code(async () => {
      (await accounts.reserve(caller, { model: 'a/b', cost: 0.01, tokens: 2 })).settle(settlement);
      return 'ok';
    })));
    await accounts.flush();
    return codes.filter((c) => c === 'ok').length;
  },
  make: (name) => code(async () => (await accounts.admin.createKey({ name })).secret),
  list: () => code(async () => (await accounts.admin.listKeys()).total),
  bad: () => code(() => accounts.admin.getKey('nobody')),
};
process.on('message', async (message) => {
  if (message.do) process.send({ done: message.n, value: await commands[message.do](...message.args) });
});
process.send({ done: 0 });
`;

interface Worker {
  child: ChildProcess;
  call(command: string, ...args: unknown[]): Promise<unknown>;
}

describe('accounts in worker processes', () => {
  let accounts: HostingAccounts;
  let workers: Worker[];

  beforeAll(async () => {
    accounts = await openAccounts({ dataDir: null, secret: SECRET, open: true });
    workers = await Promise.all([startWorker(accounts), startWorker(accounts)]);
  });
  afterAll(async () => {
    for (const { child } of workers) child.kill();
    await accounts.close();
  });

  it('are open, and closed at once everywhere, when one worker makes the first key', async () => {
    const [a, b] = workers as [Worker, Worker];
    expect(await Promise.all([a.call('name', null), b.call('name', null)])).toEqual(['open', 'open']);
    const secret = (await a.call('make', 'first')) as string;
    expect(await Promise.all([a.call('name', null), b.call('name', null)])).toEqual([
      'unauthorized',
      'unauthorized',
    ]);
    expect(await b.call('name', secret)).toBe('first');
    expect(await b.call('list')).toBe(1);
    expect(await b.call('bad')).toBe('not_found');
  });

  it('forget what is changed elsewhere', async () => {
    const [a, b] = workers as [Worker, Worker];
    const { secret, key } = await accounts.admin.createKey({ name: 'before' });
    expect(await Promise.all([a.call('name', secret), b.call('name', secret)])).toEqual(['before', 'before']);
    await accounts.admin.updateKey(key.hash, { name: 'after' });
    expect(await Promise.all([a.call('name', secret), b.call('name', secret)])).toEqual(['after', 'after']);
    expect(await a.call('byok', secret)).toBeNull();
    await accounts.admin.setByokKey('local', 'openai', 'sk-of-their-own');
    expect(await a.call('byok', secret)).toBe('sk-of-their-own');
  });

  it('hold limits together', async () => {
    const { secret, key } = await accounts.admin.createKey({
      name: 'limited',
      limits: { spend: { day: 0.5 } },
    });
    const spent = (await Promise.all(workers.map((w) => w.call('spend', secret, 100)))) as number[];
    const sum = spent.reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThanOrEqual(50);
    expect(sum).toBeGreaterThanOrEqual(44);
    const { usage } = await accounts.admin.getKey(key.hash);
    expect(usage.day).toMatchObject({ requests: sum, cost: sum / 100 });
  });
});

async function startWorker(accounts: HostingAccounts): Promise<Worker> {
  const path = (name: string) => join(PROJECT, 'src/accounts', name);
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', WORKER, path('remote.ts'), path('channel.ts')],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  serveAccounts(accounts, processChannel(child));
  await once(child, 'message');
  let n = 0;
  return {
    child,
    call(command, ...args) {
      n += 1;
      const mine = n;
      return new Promise((resolve) => {
        const listener = (message: unknown) => {
          const { done, value } = message as { done?: number; value?: unknown };
          if (done !== mine) return;
          child.off('message', listener);
          resolve(value);
        };
        child.on('message', listener);
        child.send({ do: command, n: mine, args });
      });
    },
  };
}
