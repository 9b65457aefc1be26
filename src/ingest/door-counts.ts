/** What came through a door, as numbers that add up. Reasons are ours and hold nothing of a record. */

export interface DoorCounts {
  door: string;
  accepted: number;
  /** Already there. */
  duplicates: number;
  /** No generations: spans of other kinds, roll-ups, rows of other types. */
  ignored: number;
  rejected: number;
  /** Most frequent first. */
  reasons: { reason: string; count: number }[];
  /** `createdAt` of the newest record, milliseconds; null = none yet. */
  newest: number | null;
  /** When something last came through this door, milliseconds. */
  lastSeen: number;
  /** Name of the newest file that lists what was rejected; null or absent = none. */
  rejectsFile?: string | null;
}

/** Reasons kept apart a door; what comes beyond is counted as `other`. */
const MOST_REASONS = 100;

export const blank = (door: string): DoorCounts => ({
  door,
  accepted: 0,
  duplicates: 0,
  ignored: 0,
  rejected: 0,
  reasons: [],
  newest: null,
  lastSeen: 0,
});

/** Adds the second to the first. */
export function addCounts(sum: DoorCounts, part: DoorCounts): void {
  sum.accepted += part.accepted;
  sum.duplicates += part.duplicates;
  sum.ignored += part.ignored;
  for (const reject of part.reasons) addReason(sum, reject);
  sum.newest = latest(sum.newest, part.newest);
  if (part.rejectsFile && (!sum.rejectsFile || part.lastSeen >= sum.lastSeen))
    sum.rejectsFile = part.rejectsFile;
  sum.lastSeen = Math.max(sum.lastSeen, part.lastSeen);
}

export const latest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);

export function addReason(counts: DoorCounts, { reason, count }: { reason: string; count: number }): void {
  counts.rejected += count;
  const known = counts.reasons.find((r) => r.reason === reason);
  if (known) known.count += count;
  else if (counts.reasons.length < MOST_REASONS) counts.reasons.push({ reason, count });
  else addOther(counts, count);
}

function addOther(counts: DoorCounts, count: number): void {
  const other = counts.reasons.find((r) => r.reason === 'other');
  if (other) other.count += count;
  else counts.reasons.push({ reason: 'other', count });
}

/**
 * A reject's reason without what it quotes: values and numbers of a source are no kind of mistake, and do not belong on
 * a page. `promptTokens: expected a whole number, got "12x"` becomes `promptTokens: expected a whole number`.
 */
export const generalReason = (reason: string): string =>
  reason
    .replaceAll(/"[^"]*("|$)|“[^”]*(”|$)/g, '“…”')
    .split('; ')
    .map((part) =>
      part
        .replace(/, (got|found) .*$/s, '')
        .replace(/ is .*?: expected /s, ': expected ')
        .slice(0, 200),
    )
    .join('; ');

/** Rejects, or what was counted of them before, by their general reasons, the most frequent first. */
export function countReasons(
  rejects: readonly { reason: string; count?: number }[],
): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason, count = 1 } of rejects) {
    const general = generalReason(reason);
    counts.set(general, (counts.get(general) ?? 0) + count);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}
