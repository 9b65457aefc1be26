import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Confusion } from '../classify/confusion.ts';
import { randomOf } from '../generation/random.ts';
import { adjustedShares, type Given } from './adjusted-shares.ts';

const confusion = (counts: number[][]): Confusion => ({
  classifier: 'test@1',
  from: 'a test',
  categories: counts.map((_, i) => 'abcdefgh'[i] ?? ''),
  counts,
});
/** What a classifier with these rates gives, on average, to `n` generations of this mix. */
function givenTo(mix: number[], counts: number[][], n: number): Given[] {
  const rates = counts.map((row) => row.map((c) => c / row.reduce((a, b) => a + b, 0)));
  return mix.map((_, j) => {
    const weight = n * mix.reduce((sum, m, i) => sum + m * (rates[i]?.[j] ?? 0), 0);
    return { category: 'abcdefgh'[j] ?? '', weight, squares: weight };
  });
}
const LARGE = [
  [80_000, 15_000, 5_000],
  [10_000, 70_000, 20_000],
  [5_000, 25_000, 70_000],
];

describe('adjustedShares', () => {
  it('finds the true mix behind what a classifier with known errors gave', () => {
    const mix = [0.6, 0.1, 0.3];
    const shares = adjustedShares(givenTo(mix, LARGE, 1e6), confusion(LARGE));
    expect(shares?.map((s) => s.adjusted)).toEqual(mix.map((m) => expect.closeTo(m, 3)));
    expect(shares?.[0]?.measured).toBeCloseTo(0.505, 3);
  });

  it('has intervals that narrow with more labels and a better known classifier', () => {
    const width = (n: number, counts: number[][]) => {
      const [first] = adjustedShares(givenTo([0.5, 0.3, 0.2], counts, n), confusion(counts)) ?? [];
      return (first?.high ?? 0) - (first?.low ?? 0);
    };
    const small = LARGE.map((row) => row.map((c) => c / 1000));
    expect(width(100_000, LARGE)).toBeLessThan(width(300, LARGE));
    expect(width(100_000, LARGE)).toBeLessThan(width(100_000, small));
  });

  it('has intervals as wide as the weights within each category make them', () => {
    // Five long generations beside a thousand short ones. The variance of a share p of W, by hand: the squares of its own
    // weights × (1 − p)², those of the others × p², over W².
    const given = [
      { category: 'a', weight: 500, squares: 50_000 },
      { category: 'b', weight: 500, squares: 500 },
      { category: 'c', weight: 500, squares: 500 },
    ];
    const sure = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1e9 : 0)));
    const errors = adjustedShares(given, confusion(sure))?.map((s) => (s.high - s.low) / 2 / 1.96);
    const long = Math.sqrt((50_000 * (2 / 3) ** 2 + 1000 / 9) / 1500 ** 2);
    const short = Math.sqrt((500 * (2 / 3) ** 2 + 50_500 / 9) / 1500 ** 2);
    for (const [i, error] of [long, short, short].entries()) {
      expect(errors?.[i]).toBeGreaterThan(0.85 * error);
      expect(errors?.[i]).toBeLessThan(1.15 * error);
    }
  });

  it('has intervals that hold the truth about as often as they say', () => {
    const mix = [0.6, 0.1, 0.3];
    const random = randomOf(7);
    const draw = (shares: number[]) => {
      const at = random();
      const upTo = shares.map((_, i) => shares.slice(0, i + 1).reduce((a, b) => a + b, 0));
      return Math.max(
        0,
        upTo.findIndex((sum) => at < sum),
      );
    };
    const rates = LARGE.map((row) => row.map((c) => c / 100_000));
    let held = 0;
    for (let run = 0; run < 60; run++) {
      const counts = [0, 0, 0];
      for (let i = 0; i < 200; i++) {
        const given = draw(rates[draw(mix)] ?? []);
        counts[given] = (counts[given] ?? 0) + 1;
      }
      const given = counts.map((n, i) => ({ category: 'abc'[i] ?? '', weight: n, squares: n }));
      const [first] = adjustedShares(given, confusion(LARGE)) ?? [];
      if (first && first.low <= 0.6 && first.high >= 0.6) held++;
    }
    expect(held / 60).toBeGreaterThan(0.85);
  });

  it('is a share of the whole, whatever the matrix and the labels', () => {
    const row = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 4 });
    const weights = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 4 }), weights, (counts, given) => {
        const shares = adjustedShares(
          given.map((weight, i) => ({ category: 'abcd'[i] ?? '', weight, squares: weight * weight })),
          confusion(counts),
        );
        if (given.every((w) => w === 0)) return expect(shares).toBeNull();
        for (const { adjusted, low, high } of shares ?? []) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1 + 1e-9);
          expect(low <= adjusted && adjusted <= high).toBe(true);
        }
        expect(shares?.reduce((sum, s) => sum + s.adjusted, 0)).toBeCloseTo(1, 6);
      }),
      { numRuns: 15 },
    );
  });

  it('knows nothing of categories that are not in the matrix', () => {
    expect(adjustedShares([{ category: 'new', weight: 1, squares: 1 }], confusion(LARGE))).toBeNull();
  });
});
