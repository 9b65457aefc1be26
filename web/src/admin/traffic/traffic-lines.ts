/** The lines of the traffic table: the newest first, each generation once, no more than the page can hold. */
import type { TrafficLine } from '../api.ts';

export const MOST_LINES = 200;

/** @param more in any order; what is there already stays as it is */
export function mergeLines(
  before: readonly TrafficLine[],
  more: readonly TrafficLine[],
  most = MOST_LINES,
): TrafficLine[] {
  const known = new Set(before.map((line) => line.id));
  const fresh = more.filter((line) => !known.has(line.id) && known.add(line.id));
  // A generation is told when it ends: the order of the ends is kept where the lines came in it.
  return [...fresh.reverse(), ...before].slice(0, most);
}

/** How many lines have come since the first of `shown` did. */
export function newerThan(lines: readonly TrafficLine[], shown: readonly TrafficLine[]): number {
  const known = new Set(shown.map((line) => line.id));
  const at = lines.findIndex((line) => known.has(line.id));
  return at === -1 ? lines.length : at;
}
