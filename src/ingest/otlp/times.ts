/** Times of spans: nanoseconds since 1970, 0 = not known. */
const NS_A_MS = 1_000_000n;

/** Whole milliseconds of the start, and milliseconds to the end with what is behind the point. */
export function timesOf(start: bigint, end: bigint): { start: number | null; duration: number | null } {
  if (start <= 0n) return { start: null, duration: null };
  return { start: Number(start / NS_A_MS), duration: sinceStart(start, end) };
}

export const sinceStart = (start: bigint, at: bigint): number | null =>
  start > 0n && at >= start ? Number(at - start) / 1e6 : null;
