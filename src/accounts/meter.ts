/**
 * What this process may still spend of one limit without asking: a lease from the database, of which requests under way
 * hold a part. Pure arithmetic; `budgets.ts` talks to the database.
 */
import type { Claim } from './limits.ts';
import type { CounterName, MeterItem } from './store.ts';
import { dayOf } from './windows.ts';

/** All amounts are whole numbers of the counter's unit, all instants `performance.now()` but those of the window. */
export interface Meter extends CounterName {
  ends: number;
  /** As the last request saw it. */
  limit: number;
  /** What the database gave us and did not yet hear was used or is given back. */
  lease: number;
  /** Of it, held by requests under way. */
  held: number;
  /** Of it, used by requests that are settled. */
  used: number;
  /** Of it, no more ours to spend, as the limit was lowered. */
  returned: number;
  /** Of it, reported to the database, whose answer is not there yet. */
  sent: number;
  /** How much more than needed is asked for: grows while it is used up quickly. */
  ahead: number;
  askedAt: number;
  touchedAt: number;
  /** What was refused, so that asking for as much again is needless for a moment. */
  refused: { amount: number; limit: number; until: number } | null;
}

/** A meter that was not touched for so long gives its lease back. */
const IDLE_MS = 1000;
/** A lease that is used up within this time was too small. */
const QUICK_MS = 200;
const REFUSED_MS = 250;

export const meterKey = (name: CounterName): string =>
  `${name.subject} ${name.unit} ${name.period} ${name.starts}`;

export const newMeter = (claim: Claim): Meter => ({
  subject: claim.subject,
  unit: claim.unit,
  period: claim.period,
  starts: claim.starts,
  ends: claim.ends,
  limit: claim.limit,
  lease: 0,
  held: 0,
  used: 0,
  returned: 0,
  sent: 0,
  ahead: 0,
  askedAt: Number.NEGATIVE_INFINITY,
  touchedAt: 0,
  refused: null,
});

/** Negative when more was used than held, or a lease was lost. */
export const freeOf = (m: Meter): number => m.lease - m.held - m.used - m.returned - m.sent;

/** A lease that was given under a higher limit must not be spent: the database decides anew. */
export function setLimit(m: Meter, limit: number): void {
  if (limit < m.limit) m.returned += Math.max(0, freeOf(m));
  m.limit = limit;
}

/** The lease is gone, whatever the reason; what requests hold of it must be covered again. */
export function loseLease(m: Meter): void {
  m.lease = 0;
  m.returned = 0;
}

/** Was as much refused a moment ago? */
export const isRefused = (m: Meter, claim: Claim, mono: number): boolean =>
  m.refused !== null &&
  mono < m.refused.until &&
  claim.amount >= m.refused.amount &&
  claim.limit === m.refused.limit;

export function refuse(m: Meter, claim: Claim, mono: number): void {
  m.touchedAt = mono;
  m.refused = { amount: claim.amount, limit: claim.limit, until: mono + REFUSED_MS };
}

export function hold(m: Meter, amount: number, mono: number): void {
  m.held += amount;
  m.touchedAt = mono;
}

/** A request is over: what it held is free again but for what it used. */
export function settleHold(m: Meter, held: number, used: number): void {
  m.held -= held;
  m.used += used;
  if (used < held) m.refused = null;
}

/** How much of the lease is given back: all of it when idle, else what is more than the usual lead. */
export function releaseOf(m: Meter, mono: number): number {
  const free = freeOf(m);
  if (free <= 0) return 0;
  return mono - m.touchedAt >= IDLE_MS ? free : Math.max(0, free - 2 * m.ahead);
}

/** Nothing left to do for it: nobody holds it and the database need not hear of it. */
export const isDone = (m: Meter, now: number, mono: number): boolean =>
  m.held === 0 &&
  m.sent === 0 &&
  (now >= m.ends || (m.lease === 0 && m.used === 0 && mono - m.touchedAt >= IDLE_MS));

/**
 * What is told to the database about a meter; `sent` rises by it until the answer comes.
 * @param wanted the amounts that requests wait for; null = nobody waits
 */
export function itemOf(
  m: Meter,
  i: number,
  wanted: { sum: number; least: number } | null,
  mono: number,
): MeterItem {
  const free = freeOf(m);
  const need = wanted ? Math.max(0, wanted.sum - free) : 0;
  if (wanted && need > 0) {
    // Twice as much ahead while leases are used up quickly, half as much else.
    const quick = mono - m.askedAt < QUICK_MS;
    m.ahead = quick ? Math.max(m.ahead * 2, wanted.sum) : Math.floor(m.ahead / 2);
    m.askedAt = mono;
  }
  const { used } = m;
  // While it is in use it is filled up before somebody has to wait, and the lead shrinks to what is used.
  if (!wanted && used < m.ahead / 4) m.ahead -= Math.ceil(m.ahead / 8);
  const isLow = free < m.ahead / 2 && mono - m.touchedAt < IDLE_MS;
  const more = wanted ? (need > 0 ? m.ahead : 0) : isLow ? m.ahead - free : 0;
  const release = m.returned + (wanted ? 0 : releaseOf(m, mono));
  m.used = 0;
  m.returned = 0;
  m.sent += used + release;
  return {
    i,
    subject: m.subject,
    unit: m.unit,
    period: m.period,
    starts: m.starts,
    ends: Number.isFinite(m.ends) ? m.ends : null,
    from_day: dayOf(m.starts),
    to_day: Number.isFinite(m.ends) ? dayOf(m.ends) : null,
    max: m.limit,
    used,
    release,
    need,
    // Less than the smallest request lacks would be of no use.
    least: wanted ? Math.max(1, wanted.least - free) : 1,
    ahead: more,
  };
}

/** Is there something to tell, or something to give back? */
export const hasNews = (m: Meter, mono: number): boolean =>
  m.used > 0 || m.returned > 0 || releaseOf(m, mono) > 0;
