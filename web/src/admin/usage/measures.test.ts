import { expect, it } from 'vitest';
import { lastDays } from './measures.ts';

it('the last days are UTC days up to today', () => {
  expect(lastDays(3, Date.UTC(2026, 2, 1, 23, 59))).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
});
