/**
 * Limits, held against counters that any number of nodes share. Each node takes leases (slices of what is left) from
 * the database and serves requests from them in memory; what was used is written behind every `flushMs`.
 *
 * What holds:
 * - What all nodes together grant is never more than the limit. So spending exceeds it at most by what requests under
 *   way cost beyond their estimates (all of it, where no price was known).
 * - Nearly nothing is refused too early: another node may hold slices of up to an eighth of what was left when it took
 *   them; it gives them back when they lie idle for a second.
 * - A process that dies takes at most what it settled in the last `flushMs` with it (longer while the database is
 *   down). Its leases count as used until `leaseMs` have passed.
 * - Every exchange is applied once, also when its answer was lost.
 * - Callers without limits never wait for the database.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Estimate, Reservation, Settlement } from './contract.ts';
import { unavailable } from './errors.ts';
import { type Claim, checkMayUse, claimsOf, refusalOf } from './limits.ts';
import {
  freeOf,
  hasNews,
  hold,
  isDone,
  isRefused,
  itemOf,
  loseLease,
  type Meter,
  meterKey,
  newMeter,
  refuse,
  setLimit,
  settleHold,
} from './meter.ts';
import type { Answer, Batch, Store, Unit } from './store.ts';
import { count, usageBuffer } from './usage-buffer.ts';
import { dayOf } from './windows.ts';

export interface BudgetOptions {
  flushMs: number;
  leaseMs: number;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Budgets {
  reserve(caller: Caller, estimate: Estimate): Promise<Reservation>;
  flush(): Promise<void>;
  close(): Promise<void>;
  /** Whether the last exchange failed, and how many rows of usage wait. */
  status(): { reachable: boolean; waitingRows: number };
}

interface Waiter {
  claims: Claim[];
  tries: number;
  resolve(): void;
  reject(error: unknown): void;
}
interface Sent {
  batch: Batch;
  meters: Meter[];
}

const LONGEST_PAUSE_MS = 5000;
const MOST_TRIES = 5;

/** Usage without limits is written so many times less often. */
const UNLIMITED = 10;

export function openBudgets(store: Store, options: BudgetOptions): Budgets {
  const node = randomUUID();
  const meters = new Map<string, Meter>();
  const usage = usageBuffer();
  let sequence = 0;
  let waiting: Waiter[] = [];
  /** Sent, perhaps applied, not answered: it is repeated until it is. */
  let unanswered: Sent | null = null;
  /** One exchange at a time. */
  let last: Promise<void> = Promise.resolve();
  let queued = false;
  let failures = 0;
  let pausedUntil = 0;
  /** Until then our leases are ours, whatever happens to the database. Infinity: we have none. */
  let validUntil = Number.POSITIVE_INFINITY;
  let exchangedAt = 0;
  let timer: NodeJS.Timeout | null = null;
  let waitsLong = false;
  let closed = false;

  const meterOf = (claim: Claim): Meter => {
    const name = meterKey(claim);
    let meter = meters.get(name);
    if (!meter) {
      meter = newMeter(claim);
      meters.set(name, meter);
    }
    setLimit(meter, claim.limit);
    return meter;
  };

  /** Holds all claims or none. @returns the first that does not fit, null if all do */
  const tryHold = (claims: readonly Claim[], mono: number): Claim | null => {
    if (mono >= validUntil) {
      for (const meter of meters.values()) loseLease(meter);
      validUntil = Number.POSITIVE_INFINITY;
    }
    const short = claims.find((claim) => freeOf(meterOf(claim)) < claim.amount);
    if (short) return short;
    for (const claim of claims) hold(meterOf(claim), claim.amount, mono);
    return null;
  };

  /** What waiting requests want of each meter. */
  const wants = (waiters: readonly Waiter[]) => {
    const sums = new Map<Meter, { sum: number; least: number }>();
    for (const { claims } of waiters)
      for (const claim of claims) {
        const meter = meterOf(claim);
        const want = sums.get(meter) ?? { sum: 0, least: claim.amount };
        want.sum += claim.amount;
        want.least = Math.min(want.least, claim.amount);
        sums.set(meter, want);
      }
    return sums;
  };

  const nextBatch = (waiters: readonly Waiter[], mono: number): Sent | null => {
    const now = options.now();
    const wanted = wants(waiters);
    for (const [name, meter] of meters)
      if (!wanted.has(meter) && isDone(meter, now, mono)) meters.delete(name);
    const told = [...meters.values()].filter(
      (meter) => wanted.has(meter) || (now < meter.ends && hasNews(meter, mono)),
    );
    const renewal =
      mono - exchangedAt >= options.leaseMs / 4 && [...meters.values()].some((meter) => meter.lease > 0);
    if (told.length === 0 && usage.size === 0 && !renewal) return null;
    sequence += 1;
    const items = told.map((meter, i) => itemOf(meter, i, wanted.get(meter) ?? null, mono));
    return {
      meters: told,
      batch: { node, sequence, leaseMs: options.leaseMs, ...usage.take(), meters: items },
    };
  };

  const exchange = async (sent: Sent): Promise<Answer> => {
    unanswered = sent;
    const mono = performance.now();
    const answer = await store.exchange(sent.batch);
    unanswered = null;
    failures = 0;
    pausedUntil = 0;
    exchangedAt = mono;
    validUntil = mono + options.leaseMs * 0.75;
    if (answer.lapsed) for (const meter of meters.values()) loseLease(meter);
    for (const meter of sent.meters) meter.sent = 0;
    for (const { i, lease } of answer.meters) {
      const meter = sent.meters[i];
      if (meter) meter.lease = lease;
    }
    return answer;
  };

  /** Whoever waits gets what there is, in order; the others learn that it does not fit. */
  const serve = (waiters: readonly Waiter[], sent: Sent | null, answer: Answer | null) => {
    const mono = performance.now();
    const left = new Map(
      answer?.meters.map(({ i, remaining }) => [sent?.meters[i], remaining] as const) ?? [],
    );
    for (const waiter of waiters) {
      const short = tryHold(waiter.claims, mono);
      if (short === null) {
        waiter.resolve();
        continue;
      }
      const meter = meterOf(short);
      const remaining = left.get(meter);
      if (typeof remaining === 'number' && freeOf(meter) + remaining < short.amount) {
        refuse(meter, short, mono);
        waiter.reject(refusalOf(short, options.now()));
      } else if (waiter.tries >= MOST_TRIES) waiter.reject(unavailable('too busy'));
      else {
        waiter.tries += 1;
        waiting.push(waiter);
      }
    }
    if (waiting.length > 0) wake();
  };

  const failed = (error: unknown, waiters: readonly Waiter[]) => {
    failures += 1;
    pausedUntil = performance.now() + Math.min(LONGEST_PAUSE_MS, 125 * 2 ** failures);
    const all = [...waiters, ...waiting];
    waiting = [];
    for (const waiter of all) waiter.reject(error);
    // The answer to it will be asked for again, what was wanted no more.
    for (const item of unanswered?.batch.meters ?? []) {
      item.need = 0;
      item.ahead = 0;
    }
  };

  /** Everything settled until now is in the database when it resolves. */
  const step = async (): Promise<void> => {
    queued = false;
    let waiters: Waiter[] = [];
    try {
      if (unanswered) await exchange(unanswered);
      waiters = waiting;
      waiting = [];
      const sent = nextBatch(waiters, performance.now());
      serve(waiters, sent, sent && (await exchange(sent)));
    } catch (error) {
      failed(error, waiters);
      throw error;
    } finally {
      arm();
    }
  };

  const enqueue = (): Promise<void> => {
    last = last.then(step, step);
    last.catch(() => undefined);
    return last;
  };

  const wake = () => {
    if (queued) return;
    queued = true;
    void enqueue();
  };

  const arm = () => {
    if (closed || (timer !== null && !(waitsLong && meters.size > 0))) return;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (usage.size === 0 && unanswered === null && meters.size === 0) return;
    // Where no limit is held, nobody waits for what was used: it is added up for longer.
    waitsLong = meters.size === 0;
    const pause = waitsLong ? options.flushMs * UNLIMITED : options.flushMs;
    timer = setTimeout(tick, Math.max(pause, pausedUntil - performance.now()));
    timer.unref();
  };

  const tick = () => {
    timer = null;
    wake();
  };

  const reservationOf = (caller: Caller, claims: readonly Claim[], now: number): Reservation => {
    const held = claims.map((claim) => ({ claim, meter: meterOf(claim) }));
    let settled = false;
    return {
      settle(settlement) {
        if (settled) return;
        settled = true;
        const { charged, paid } = usage.add(caller, dayOf(now), settlement);
        for (const { claim, meter } of held)
          settleHold(meter, claim.amount, usedOf(claim, settlement, charged, paid));
        arm();
      },
    };
  };

  return {
    async reserve(caller, estimate) {
      checkMayUse(caller, estimate.model);
      const now = options.now();
      const claims = claimsOf(caller, estimate, now);
      if (claims.length > 0) {
        const mono = performance.now();
        const refused = claims.find((claim) => isRefused(meterOf(claim), claim, mono));
        if (refused) throw refusalOf(refused, now);
        if (tryHold(claims, mono) !== null) {
          if (mono < pausedUntil)
            throw unavailable('the database is down', Math.ceil((pausedUntil - mono) / 1000));
          await new Promise<void>((resolve, reject) => {
            waiting.push({ claims, tries: 0, resolve, reject });
            wake();
          });
        }
        arm();
      }
      return reservationOf(caller, claims, now);
    },
    flush: enqueue,
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      for (let tries = 0; ; tries += 1) {
        // Idle meters give all back.
        for (const meter of meters.values()) meter.touchedAt = Number.NEGATIVE_INFINITY;
        try {
          return await enqueue();
        } catch (error) {
          if (tries === 2) throw error;
          await sleep(250);
        }
      }
    },
    status: () => ({
      reachable: failures === 0,
      waitingRows: usage.size + (unanswered?.batch.usage.length ?? 0),
    }),
  };
}

function usedOf(claim: Claim, settlement: Settlement, charged: number, paid: number): number {
  const used: Record<Unit, () => number> = {
    usd: () => charged,
    credits: () => paid,
    // It counts from when it was asked for, whatever became of it.
    requests: () => claim.amount,
    tokens: () => count(settlement.promptTokens) + count(settlement.completionTokens),
  };
  return used[claim.unit]();
}
