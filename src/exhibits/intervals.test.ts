/** What an interval holds: its value, and in most samples the truth. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomOf } from '../generation/random.ts';
import { type Estimate, intervalOf } from './intervals.ts';

const estimate = fc.record({
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  variance: fc.double({ min: 0, max: 0.2, noNaN: true }),
  clusters: fc.integer({ min: 2, max: 5000 }),
  worth: fc.double({ min: 1, max: 5000, noNaN: true }),
});

it('a share lies inside its interval, which lies between 0 and 1', () => {
  fc.assert(
    fc.property(estimate, (given) => {
      const { low = -1, high = -1 } = intervalOf(given, 'share') ?? {};
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(given.value);
      expect(high).toBeGreaterThanOrEqual(given.value);
      expect(high).toBeLessThanOrEqual(1);
    }),
  );
});

it('a mean lies inside its interval, which is positive', () => {
  fc.assert(
    fc.property(estimate, ({ value, ...given }) => {
      const { low = -1, high = -1 } = intervalOf({ value: value * 1e4 + 1, ...given }, 'mean') ?? {};
      expect(low).toBeGreaterThan(0);
      expect(low).toBeLessThanOrEqual(value * 1e4 + 1);
      expect(high).toBeGreaterThanOrEqual(value * 1e4 + 1);
    }),
  );
});

it('a sample of everything leaves nothing to chance, and one account tells nothing', () => {
  expect(intervalOf({ value: 0.3, variance: 0, clusters: 9, worth: null }, 'share')).toEqual({
    low: 0.3,
    high: 0.3,
  });
  expect(intervalOf({ value: 0.3, variance: 0, clusters: 1, worth: 1 }, 'share')).toBeNull();
});

it('what never occurred in the sample may still occur', () => {
  const never = intervalOf({ value: 0, variance: 0, clusters: 100, worth: 100 }, 'share');
  expect(never?.low).toBe(0);
  expect(never?.high).toBeGreaterThan(0.03);
  expect(never?.high).toBeLessThan(0.05);
});

/** Accounts of very unequal size, each with a taste of its own, of whose generations some are sampled. */
function sampled(random: () => number, truth: number): Estimate {
  const clusters: { mine: number; all: number }[] = [];
  for (let i = 0; i < 300; i++) {
    const taste = Math.min(1, Math.max(0, truth + (random() - 0.5) * 0.6));
    const count = Math.floor(6 / (0.04 + random()) ** 1.5);
    let [mine, all] = [0, 0];
    for (let k = 0; k < count; k++) {
      if (random() >= 0.05) continue;
      all += 1000;
      if (random() < taste) mine += 1000;
    }
    if (all > 0) clusters.push({ mine, all });
  }
  const size = clusters.reduce((sum, c) => sum + c.all, 0);
  const value = clusters.reduce((sum, c) => sum + c.mine, 0) / size;
  const errors = clusters.reduce((sum, c) => sum + (c.mine - value * c.all) ** 2, 0);
  const n = clusters.length;
  return {
    value,
    variance: ((n / (n - 1)) * errors) / size ** 2,
    clusters: n,
    worth: size ** 2 / clusters.reduce((sum, c) => sum + c.all ** 2, 0),
  };
}

it('in most samples it holds the truth', () => {
  const random = randomOf(11);
  const draws = 600;
  let held = 0;
  for (let i = 0; i < draws; i++) {
    const interval = intervalOf(sampled(random, 0.4), 'share');
    if (interval && interval.low <= 0.4 && interval.high >= 0.4) held++;
  }
  expect(held / draws).toBeGreaterThan(0.93);
  expect(held / draws).toBeLessThan(0.98);
});
