/** The UTC windows that limits are counted in. */
import type { Period } from './contract.ts';

export type WindowKind = Period | 'minute';

export interface Window {
  /** Milliseconds; 0 for `total`. */
  starts: number;
  /** The first millisecond after it; Infinity for `total`. */
  ends: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** 1970-01-05 was the first Monday. */
const FIRST_MONDAY = 4 * DAY;

/** The window that contains an instant: days from midnight, weeks from Monday, months from the first, all UTC. */
export function windowAt(kind: WindowKind, at: number): Window {
  switch (kind) {
    case 'minute':
      return span(at, MINUTE, 0);
    case 'day':
      return span(at, DAY, 0);
    case 'week':
      return span(at, 7 * DAY, FIRST_MONDAY);
    case 'month': {
      const date = new Date(at);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      return { starts: Date.UTC(year, month, 1), ends: Date.UTC(year, month + 1, 1) };
    }
    case 'total':
      return { starts: 0, ends: Number.POSITIVE_INFINITY };
  }
}

function span(at: number, length: number, origin: number): Window {
  const starts = Math.floor((at - origin) / length) * length + origin;
  return { starts, ends: starts + length };
}

let today = { starts: Number.NaN, text: '' };

/** `YYYY-MM-DD`, UTC. */
export function dayOf(at: number): string {
  // Nearly always the same day as last time.
  if (!(at >= today.starts && at < today.starts + DAY))
    today = { starts: span(at, DAY, 0).starts, text: new Date(at).toISOString().slice(0, 10) };
  return today.text;
}

export const PERIODS: readonly Period[] = ['day', 'week', 'month', 'total'];
