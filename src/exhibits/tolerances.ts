/**
 * How far a measured number may lie from a printed one and still count as the same, by kind of number. Printed numbers are
 * rounded, read off charts or said in words, so a tolerance is at least the uncertainty of the print.
 */
import type { Exhibit, Published } from './define.ts';

export interface Tolerance {
  /** Distance allowed, in the number's own unit or as a part of it. */
  absolute?: number;
  relative?: number;
  /** Never less than this, where `relative` would be. */
  least?: number;
  reason: string;
}

export const TOLERANCES = {
  share: {
    absolute: 0.03,
    relative: 0.25,
    least: 0.005,
    reason:
      'Printed to a percent or a tenth of it; weekly means move by a few points with the choice of weeks.',
  },
  'share, about': {
    absolute: 0.05,
    reason: 'The study says "about", or the number is read off a chart.',
  },
  'share, bound': {
    absolute: 0.02,
    reason: 'Said in words ("more than half", "two thirds"): two points for the rounding in it.',
  },
  proportion: {
    absolute: 0.02,
    reason: 'Totals differ in scale, so each author is compared by its part of the authors listed.',
  },
  tokens: { relative: 0.1, reason: 'Printed to two digits.' },
  'tokens, about': { relative: 0.2, reason: 'Printed as "about" to two digits.' },
  'tokens, bound': { relative: 0.05, reason: 'Said in words: 5 % for the rounding in it.' },
  ratio: { absolute: 0.25, reason: 'Said as "3–4 times": a quarter for the rounding in it.' },
  retention: { absolute: 0.05, reason: 'Read off a curve.' },
  price: { relative: 0.2, reason: 'Price is a blend of prompt and completion, and moves with their mix.' },
  use: {
    absolute: 0.25,
    reason:
      'log10 of use on a scale of its own: compared after moving both to the same mean; 0.25 is a factor of 1.8.',
  },
  change: {
    absolute: 0.002,
    reason: 'Printed as a range of 0.5 to 0.7 %: two tenths of a percent beyond it.',
  },
  words: { reason: 'An order or a verdict: the same or not.' },
} as const satisfies Record<string, Tolerance>;
export type ToleranceKind = keyof typeof TOLERANCES;

export function toleranceKind(exhibit: Exhibit, p: Published): ToleranceKind {
  const bound = p.value === undefined;
  switch (p.stat) {
    case 'order':
    case 'verdict':
      return 'words';
    case 'proportion':
    case 'retention':
    case 'ratio':
    case 'price':
    case 'use':
      return p.stat;
    case 'fact':
      return p.series === 'median_x' ? 'price' : 'change';
  }
  const unit = exhibit.unit === 'share' ? 'share' : 'tokens';
  return bound ? `${unit}, bound` : p.approx ? `${unit}, about` : unit;
}

/** The distance that a printed value of this size allows. */
export function allowed(kind: ToleranceKind, value: number): number {
  const { absolute, relative, least = 0 }: Tolerance = TOLERANCES[kind];
  const part = relative === undefined ? Number.POSITIVE_INFINITY : relative * Math.abs(value);
  return Math.max(least, Math.min(absolute ?? Number.POSITIVE_INFINITY, part));
}

/** The rule in words: "± 0.03, at most 25 %". */
export function toleranceText(kind: ToleranceKind): string {
  const { absolute, relative, least }: Tolerance = TOLERANCES[kind];
  const part = relative === undefined ? null : `${relative * 100} %`;
  if (absolute === undefined && part === null) return 'the same words';
  if (absolute === undefined) return `± ${part}`;
  const limits = [part && `at most ${part} of it`, least !== undefined && `at least ± ${least}`].filter(
    Boolean,
  );
  return [`± ${absolute}`, ...limits].join(', ');
}
