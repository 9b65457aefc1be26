/** An axis can be read: it has two labels or more wherever there is room for them. */
import { describe, expect, it } from 'vitest';
import { logScale, logTicks } from './log-scale.ts';

const labels = (values: number[], pixels: number) =>
  logTicks(logScale(values), pixels, 56).map((tick) => Number((10 ** tick).toPrecision(3)));

describe('ticks of a logarithmic axis', () => {
  it('are finer where few powers of ten are in sight, as many as fit', () => {
    expect(labels([0.48, 3.64], 780)).toEqual([0.5, 1, 2, 5]);
    expect(labels([0.48, 3.64], 266)).toEqual([0.5, 1, 2, 5]);
    expect(labels([0.2, 12], 266)).toEqual([0.3, 1, 3, 10]);
  });

  it('leave out powers of ten where they would run into each other', () => {
    expect(labels([1e-3, 1e9], 266).length).toBeLessThanOrEqual(4);
  });
});
