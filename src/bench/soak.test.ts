import { expect, it } from 'vitest';
import { runSoak, slopeOf } from './soak.ts';

it('counts as many records as there were requests, of every kind', async () => {
  const result = await runSoak(1000, () => undefined);
  expect(result).toMatchObject({ requests: 1000, records: 1000, ids: 1000, exitCode: 0 });
  expect(Object.keys(result.kinds)).toHaveLength(6);
  expect(result.samples.at(-1)).toMatchObject({ requests: 1000, heap: expect.any(Number) });
}, 120_000);

it('the slope of a line is its slope', () => {
  expect(slopeOf([0, 1, 2, 3].map((x) => [x, 5 + 2 * x]))).toBeCloseTo(2);
  expect(slopeOf([[1, 1]])).toBe(0);
});
