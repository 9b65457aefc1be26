/** What of usage is drawn, and the days that it is drawn over. */
import type { UsageGroup } from '../api.ts';

export const MEASURES = ['cost', 'requests', 'tokens'] as const;
export type Measure = (typeof MEASURES)[number];

/** What is drawn unless something is chosen: what it cost, or how often, where nothing had a price. */
export const firstMeasure = (rows: readonly UsageGroup[]): Measure =>
  rows.length === 0 || rows.some((row) => amountOf(row, 'cost') > 0) ? 'cost' : 'requests';

/** The known part. */
export function amountOf(row: UsageGroup, measure: Measure): number {
  if (measure === 'tokens') return row.promptTokens + row.completionTokens;
  return measure === 'cost' ? (row.cost ?? 0) + row.byokCost : row.requests;
}

const DAY_MS = 86_400_000;

/** So many UTC days up to today, the first one first. */
export const lastDays = (count: number, now: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(now - (count - 1 - i) * DAY_MS).toISOString().slice(0, 10),
  );
