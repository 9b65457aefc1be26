import { expect, it } from 'vitest';
import type { UsageGroup } from '../api.ts';
import { knownCost, lastDays } from './measures.ts';

it('the last days are UTC days up to today', () => {
  expect(lastDays(3, Date.UTC(2026, 2, 1, 23, 59))).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
});

it('a cost that nobody knows is not zero', () => {
  const row = (change: Partial<UsageGroup>) =>
    ({ requests: 2, unknownCost: 0, cost: 0, ...change }) as UsageGroup;
  expect(knownCost(row({}))).toBe(0);
  expect(knownCost(row({ unknownCost: 2 }))).toBe(null);
  expect(knownCost(row({ unknownCost: 1, cost: 0.5 }))).toBe(0.5);
});
