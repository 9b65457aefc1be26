import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { withinAMinute } from '../testing/within-a-minute.ts';
import {
  callerWith,
  codeOf,
  estimate,
  onBothDatabases,
  onPostgres,
  settlement,
  type TestDatabase,
} from './accounts.fixture.ts';
import type { HostingAccounts } from './accounts.ts';
import type { Caller, Estimate, Reservation } from './contract.ts';
import { chargesOf } from './usage-buffer.ts';
import { windowAt } from './windows.ts';

interface Outcome {
  granted: Reservation[];
  refused: string[];
}

/** Many requests at once, dealt out to the nodes in turn. */
async function race(
  nodes: readonly HostingAccounts[],
  caller: Caller,
  cost: Estimate,
  n: number,
): Promise<Outcome> {
  const out: Outcome = { granted: [], refused: [] };
  await Promise.all(
    Array.from({ length: n }, async (_, i) => {
      try {
        out.granted.push(await (nodes[i % nodes.length] as HostingAccounts).reserve(caller, cost));
      } catch (error) {
        out.refused.push((error as { code: string }).code);
      }
    }),
  );
  return out;
}

/** The same caller for several nodes: a key with limits that one of them made. */
function limits(database: TestDatabase, count: number): void {
  const nodes: HostingAccounts[] = [];
  let first: HostingAccounts;

  beforeAll(async () => {
    for (let n = 0; n < count; n += 1) nodes.push(await database.open());
    first = nodes[0] as HostingAccounts;
  });

  it('let exactly as much through as fits when 100 requests race', async () => {
    const caller = await callerWith(first, { spend: { day: 1 } });
    const { granted, refused } = await race(nodes, caller, estimate(0.03), 100);
    // 33 × $0.03 is the most that fits into $1; slices of other nodes may hold back the last few of a node.
    expect(granted.length).toBeLessThanOrEqual(33);
    expect(granted.length).toBeGreaterThanOrEqual(count === 1 ? 33 : 29);
    expect(new Set(refused)).toEqual(new Set(['over_budget']));
    for (const reservation of granted) reservation.settle(settlement(0.03));
    await Promise.all(nodes.map((node) => node.flush()));
    const { usage } = await first.admin.getKey(caller.hash);
    expect(usage.day.cost).toBeCloseTo(0.03 * granted.length, 9);
  });

  it('give back what was held and not used', async () => {
    const caller = await callerWith(first, { spend: { total: 1 } });
    const node = nodes.at(-1) as HostingAccounts;
    for (let n = 0; n < 20; n += 1) (await node.reserve(caller, estimate(0.9))).settle(settlement(0.001));
    expect(await codeOf(node.reserve(caller, estimate(0.99)))).toBe('over_budget');
    expect(await codeOf(node.reserve(caller, estimate(0.97)))).toBeNull();
  });

  it('count spending beyond the estimate, and stop everybody then', async () => {
    const caller = await callerWith(first, { spend: { week: 1 } });
    (await first.reserve(caller, estimate(0.1))).settle(settlement(3));
    await first.flush();
    for (const node of nodes) expect(await codeOf(node.reserve(caller, estimate(0.001)))).toBe('over_budget');
  });

  it('hold back requests of unknown cost once everything is spent, and never free ones', async () => {
    const caller = await callerWith(first, { spend: { month: 1 } });
    (await first.reserve(caller, estimate(null))).settle(settlement(1));
    await first.flush();
    for (const node of nodes) {
      expect(await codeOf(node.reserve(caller, estimate(null)))).toBe('over_budget');
      expect(await codeOf(node.reserve(caller, estimate(0)))).toBeNull();
    }
  });

  it('limit requests and tokens a minute, and say when to come back', async () => {
    await withinAMinute(10);
    const caller = await callerWith(first, { requestsPerMinute: 40 });
    const { granted, refused } = await race(nodes, caller, estimate(0), 100);
    expect(granted.length).toBeLessThanOrEqual(40);
    expect(granted.length).toBeGreaterThanOrEqual(count === 1 ? 40 : 35);
    expect(new Set(refused)).toEqual(new Set(['rate_limited']));
    const tokens = await callerWith(first, { tokensPerMinute: 1000 });
    expect((await race(nodes, tokens, estimate(0, 300), 10)).granted).toHaveLength(3);
    await expect(first.reserve(tokens, estimate(0, 300))).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: expect.toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60),
    });
  });

  it('hold for the account over all its keys, and for its credits', async () => {
    const account = await first.admin.createAccount({
      name: 'Shared',
      credits: 1,
      limits: { spend: { day: 0.6 } },
    });
    const keys = [
      await callerWith(first, {}, { account: account.id }),
      await callerWith(first, {}, { account: account.id }),
    ];
    const granted: Reservation[] = [];
    for (let n = 0; n < 30; n += 1) {
      const node = nodes[n % nodes.length] as HostingAccounts;
      const result = await race([node], keys[n % 2] as Caller, estimate(0.05), 1);
      granted.push(...result.granted);
    }
    expect(granted.length).toBeLessThanOrEqual(12);
    expect(granted.length).toBeGreaterThanOrEqual(count === 1 ? 12 : 10);
    for (const reservation of granted) reservation.settle(settlement(0.05));
    await Promise.all(nodes.map((node) => node.flush()));
    await first.admin.updateAccount(account.id, { limits: {}, credits: 0.05 * granted.length });
    const { secret } = await callerWith(first, {}, { account: account.id });
    const caller = await first.authenticate(secret);
    expect(await codeOf(first.reserve(caller, estimate(0.01)))).toBe('over_budget');
    // One's own provider key does not touch credits.
    expect(await codeOf(first.reserve(caller, { ...estimate(0.01), byok: true }))).toBeNull();
  });

  it('count own provider keys only where the key says so', async () => {
    const both = {
      counted: await callerWith(first, { spend: { day: 1 } }, { includeByokInLimit: true }),
      apart: await callerWith(first, { spend: { day: 1 } }),
    };
    const byok = { ...estimate(0.9), byok: true };
    for (const caller of Object.values(both))
      (await first.reserve(caller, byok)).settle(settlement(0, { byok: true, byokCost: 0.9 }));
    expect(await codeOf(first.reserve(both.counted, byok))).toBe('over_budget');
    expect(await codeOf(first.reserve(both.apart, byok))).toBeNull();
    await first.flush();
    const { usage } = await first.admin.getKey(both.apart.hash);
    expect(usage.day).toMatchObject({ cost: 0, byokCost: 0.9, charged: 0 });
  });

  it('hold at plain prices what was charged otherwise', async () => {
    const caller = await callerWith(first, { spend: { day: 1 } });
    (await first.reserve(caller, estimate(0.9))).settle(settlement(null, { plainCost: 0.9 }));
    expect(await codeOf(first.reserve(caller, estimate(0.2)))).toBe('over_budget');
    await first.flush();
    const { usage } = await first.admin.getKey(caller.hash);
    expect(usage.day).toMatchObject({ cost: 0.9, unknownCost: 1, charged: 0.9 });
  });

  it('see a limit that comes later, with what was spent before', async () => {
    const caller = await callerWith(first, {});
    for (const node of nodes) (await node.reserve(caller, estimate(1))).settle(settlement(1));
    await Promise.all(nodes.map((node) => node.flush()));
    await first.admin.updateKey(caller.hash, { limits: { spend: { day: count + 0.5 } } });
    const limited = await first.authenticate(caller.secret);
    expect(await codeOf(first.reserve(limited, estimate(0.6)))).toBe('over_budget');
    expect(await codeOf(first.reserve(limited, estimate(0.5)))).toBeNull();
  });
}

onBothDatabases('limits of one node', (database) => {
  limits(database, 1);

  it('begin anew at UTC midnight, on Monday, and on the first', async () => {
    let now = Date.UTC(2027, 0, 31, 23, 59, 59);
    const accounts = await database.open({ now: () => now });
    const day = await callerWith(accounts, { spend: { day: 1 } });
    const week = await callerWith(accounts, { spend: { week: 1 } });
    const month = await callerWith(accounts, { spend: { month: 1 } });
    const total = await callerWith(accounts, { spend: { total: 1 } });
    const spend = async (caller: Caller) => {
      try {
        (await accounts.reserve(caller, estimate(1))).settle(settlement(1));
        return true;
      } catch {
        return false;
      }
    };
    const all = async () => [await spend(day), await spend(week), await spend(month), await spend(total)];
    // 31 January 2027 is a Sunday: a day, a week and a month end together.
    expect(await all()).toEqual([true, true, true, true]);
    expect(await all()).toEqual([false, false, false, false]);
    now += 1000;
    expect(await all()).toEqual([true, true, true, false]);
    now += 86_400_000;
    expect(await all()).toEqual([true, false, false, false]);
    now += 6 * 86_400_000;
    expect(await all()).toEqual([true, true, false, false]);
  });

  it('add up and hold under random interleavings', async () => {
    const accounts = await database.open();
    const step = fc.record({
      estimated: fc.integer({ min: 0, max: 300 }),
      actual: fc.integer({ min: 0, max: 300 }),
      settleFirst: fc.boolean(),
      flush: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 12 }),
        fc.integer({ min: 0, max: 2000 }),
        async (rounds, limit) => {
          const milli = (amount: number) => amount / 1000;
          const caller = await callerWith(accounts, { spend: { total: milli(limit) } });
          let open: (() => void)[] = [];
          const sums = { spent: 0, beyond: 0, held: 0 };
          for (const round of rounds) {
            await Promise.all(
              round.map(async ({ estimated, actual, settleFirst, flush }) => {
                if (settleFirst) open.shift()?.();
                if (flush) await accounts.flush();
                try {
                  const reservation = await accounts.reserve(caller, estimate(milli(estimated)));
                  sums.held += estimated;
                  expect(sums.spent + sums.held - sums.beyond).toBeLessThanOrEqual(Math.max(limit, 0));
                  open.push(() => {
                    sums.held -= estimated;
                    sums.spent += actual;
                    sums.beyond += Math.max(0, actual - estimated);
                    reservation.settle(settlement(milli(actual)));
                  });
                } catch (error) {
                  expect(error).toMatchObject({ code: 'over_budget' });
                }
              }),
            );
          }
          for (const settle of open) settle();
          open = [];
          await accounts.flush();
          expect(sums.spent).toBeLessThanOrEqual(limit + sums.beyond);
          const { usage } = await accounts.admin.getKey(caller.hash);
          expect(usage.total.cost).toBe(milli(sums.spent));
        },
      ),
      { numRuns: 25 },
    );
  });
});

onPostgres('limits of two nodes', (database) => {
  limits(database, 2);

  it('are given back by a node that does nothing, and by one that closes', async () => {
    const [a, b, c] = [await database.open(), await database.open(), await database.open()];
    await withinAMinute(15);
    const caller = await callerWith(a, { requestsPerMinute: 1000 });
    // Several rounds, so that the nodes take slices ahead.
    for (let n = 0; n < 5; n += 1) await race([a, b], caller, estimate(0), 40);
    await a.close();
    const { granted } = await race([c], caller, estimate(0), 700);
    expect(granted).toHaveLength(700);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    expect((await race([c], caller, estimate(0), 200)).granted).toHaveLength(100);
  });

  it('come back from a node that died, when its leases lapse', async () => {
    const dead = await database.open({ leaseMs: 400, flushMs: 100_000 });
    const alive = await database.open();
    const caller = await callerWith(alive, { spend: { total: 1 } });
    await dead.reserve(caller, estimate(0.9));
    expect(await codeOf(alive.reserve(caller, estimate(0.5)))).toBe('over_budget');
    await new Promise((resolve) => setTimeout(resolve, 700));
    const held = await alive.reserve(caller, estimate(0.5));
    // The dead one comes back: what it held is not its own any more.
    expect(await codeOf(dead.reserve(caller, estimate(0.3)))).toBe('over_budget');
    held.settle(settlement(0.5));
  });
});

describe('windows', () => {
  it('begin at midnight, on Monday, on the first, and contain the instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), (at) => {
        for (const kind of ['minute', 'day', 'week', 'month'] as const) {
          const { starts, ends } = windowAt(kind, at);
          expect(starts <= at && at < ends).toBe(true);
          expect(windowAt(kind, ends).starts).toBe(ends);
        }
        expect(new Date(windowAt('week', at).starts).getUTCDay()).toBe(1);
        expect(new Date(windowAt('month', at).starts).getUTCDate()).toBe(1);
      }),
    );
  });

  it('add usage to every counter of its key and account', () => {
    const row = { day: '2027-02-03', account: 'x', key: 'k', model: 'm', provider: 'p' };
    const nothing = {
      requests: 1,
      unknown_cost: 0,
      prompt_tokens: 1,
      completion_tokens: 1,
      reasoning_tokens: 0,
    };
    const charges = chargesOf([{ ...row, cost: 2, byok_cost: 1, charged: 3, ...nothing }]);
    expect(charges.map((c) => `${c.subject} ${c.unit} ${c.period} ${c.amount}`).sort()).toEqual([
      'account:x credits total 2',
      ...['day', 'month', 'total', 'week'].map((period) => `account:x usd ${period} 3`),
      ...['day', 'month', 'total', 'week'].map((period) => `key:k usd ${period} 3`),
    ]);
  });
});
