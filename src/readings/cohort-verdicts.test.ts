import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CohortCell, verdictOf } from './cohort-verdicts.ts';

const month = (i: number) => new Date(Date.UTC(2025, i, 1)).toISOString().slice(0, 10);
/** Cohorts of one size, one a month; each with its retention from month 1 on. */
function table(curves: readonly (readonly number[])[], size = 1000): CohortCell[] {
  return curves.flatMap((curve, i) =>
    [1, ...curve].map((value, age) => ({ cohort: month(i), age, accounts: Math.round(value * size), value })),
  );
}
const flat = (value: number, months: number) => Array.from({ length: months }, () => value);

describe('verdicts', () => {
  it('no fit: cohorts lie together', () => {
    const { verdicts, standouts } = verdictOf(
      table([flat(0.12, 6), flat(0.1, 5), flat(0.11, 4), flat(0.12, 3), flat(0.1, 2)]),
    );
    expect(verdicts).toEqual(['no fit']);
    expect(standouts).toEqual([]);
  });

  it('dominant launch: the first cohort far above all others', () => {
    const { verdicts, standouts } = verdictOf(
      table([flat(0.4, 6), flat(0.1, 5), flat(0.11, 4), flat(0.1, 3), flat(0.09, 2)]),
    );
    expect(verdicts).toEqual(['dominant launch']);
    expect(standouts).toEqual(['2025-01-01']);
  });

  it('foundational: early cohorts above the later ones, not the launch alone', () => {
    const { verdicts, standouts } = verdictOf(
      table([
        flat(0.42, 7),
        flat(0.4, 6),
        flat(0.15, 5),
        flat(0.14, 4),
        flat(0.15, 3),
        flat(0.13, 2),
        flat(0.14, 2),
      ]),
    );
    expect(verdicts).toEqual(['foundational']);
    expect(standouts).toEqual(['2025-01-01', '2025-02-01']);
  });

  it('foundational: the launch stands out, and the others are not at the bottom', () => {
    const { verdicts } = verdictOf(
      table([flat(0.5, 6), flat(0.25, 5), flat(0.24, 4), flat(0.25, 3), flat(0.26, 2)]),
    );
    expect(verdicts).toEqual(['foundational']);
  });

  it('one account of ten where nobody else stays is chance', () => {
    const { verdicts } = verdictOf(table([flat(0.1, 6), flat(0, 5), flat(0, 4), flat(0, 3)], 10));
    expect(verdicts).toEqual(['no fit']);
  });

  it('foundational: one early cohort that is not the launch', () => {
    const { verdicts } = verdictOf(
      table([flat(0.12, 6), flat(0.35, 5), flat(0.1, 4), flat(0.12, 3), flat(0.1, 2)]),
    );
    expect(verdicts).toEqual(['foundational']);
  });

  it('late fit: only a cohort of the second half', () => {
    const { verdicts } = verdictOf(
      table([flat(0.12, 6), flat(0.1, 5), flat(0.1, 4), flat(0.12, 3), flat(0.4, 2)]),
    );
    expect(verdicts).toEqual(['late fit']);
  });

  it('boomerang: retention falls and rises again, and when', () => {
    const { verdicts, returns } = verdictOf(
      table([
        [0.2, 0.1, 0.08, 0.2, 0.25],
        [0.2, 0.12, 0.1, 0.1],
        [0.2, 0.11, 0.1],
        [0.2, 0.1],
      ]),
    );
    expect(verdicts).toEqual(['boomerang']);
    expect(returns).toEqual([{ cohort: '2025-01-01', age: 5 }]);
  });

  it('a rise within chance is none: 10 of 40 after 7 of 40', () => {
    const noisy = table(
      [
        [0.2, 0.175, 0.25],
        [0.2, 0.2, 0.2],
        [0.2, 0.2],
      ],
      40,
    );
    expect(verdictOf(noisy).verdicts).toEqual(['no fit']);
  });

  it('too few accounts or months: no verdict', () => {
    expect(verdictOf(table([flat(0.4, 6), flat(0.1, 5), flat(0.1, 4)], 9)).verdicts).toEqual([]);
    expect(verdictOf(table([flat(0.4, 6), flat(0.1, 5), flat(0.1, 1)])).verdicts).toEqual([]);
    expect(verdictOf([])).toEqual({ verdicts: [], readable: [], standouts: [], returns: [] });
  });

  it('does not depend on the order of the rows', () => {
    const curve = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(curve, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (curves, order) => {
        const rows = table(curves);
        const shuffled = rows
          .map((row) => ({ row, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row);
        expect(verdictOf(shuffled)).toEqual(verdictOf(rows));
      }),
    );
  });
});
