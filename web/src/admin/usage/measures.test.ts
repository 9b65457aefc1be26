import { expect, it } from 'vitest';
import type { UsageGroup } from '../api.ts';
import { firstMeasure, lastDays } from './measures.ts';

it('the last days are UTC days up to today', () => {
  expect(lastDays(3, Date.UTC(2026, 2, 1, 23, 59))).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
});

it('requests are drawn where nothing had a price: an empty chart says nothing', () => {
  const row = { cost: null, byokCost: 0, requests: 3 } as UsageGroup;
  expect(firstMeasure([row, { ...row, cost: 0 }])).toBe('requests');
  expect(firstMeasure([row, { ...row, cost: 0.01 }])).toBe('cost');
  expect(firstMeasure([{ ...row, byokCost: 1 }])).toBe('cost');
  expect(firstMeasure([])).toBe('cost');
});
