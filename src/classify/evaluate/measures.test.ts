import { expect, it } from 'vitest';
import { accuracyOf, calibrationOf, confusionOf, type Judged, kappaOf, qualities } from './measures.ts';

const judged = (truth: string, given: string, confidence: number | null = 0.8): Judged => ({
  truth,
  given,
  confidence,
  source: 's',
  language: 'en',
});
/** The textbook example: 20 and 15 agreed of 50, 5 and 10 not. */
const fifty = [
  ...Array.from({ length: 20 }, () => judged('yes', 'yes')),
  ...Array.from({ length: 5 }, () => judged('yes', 'no')),
  ...Array.from({ length: 10 }, () => judged('no', 'yes')),
  ...Array.from({ length: 15 }, () => judged('no', 'no')),
];

it('counts agreement, and agreement beyond chance', () => {
  expect(confusionOf(fifty, ['yes', 'no'])).toEqual([
    [20, 5],
    [10, 15],
  ]);
  expect(accuracyOf(fifty)).toBe(0.7);
  // Chance: 0.5 × 0.6 + 0.5 × 0.4 = 0.5.
  expect(kappaOf(fifty)).toBeCloseTo(0.4);
});

it('tells precision from recall, and says nothing where there is nothing', () => {
  const [yes, , never] = qualities(fifty, ['yes', 'no', 'never']);
  expect(yes).toMatchObject({ count: 25, precision: 20 / 30, recall: 0.8, givenShare: 0.6 });
  expect(yes?.trueShare).toBeCloseTo(0.5);
  expect(never).toMatchObject({ count: 0, precision: null, recall: null });
});

it('puts labels into bands of confidence', () => {
  const bands = calibrationOf([
    judged('a', 'a', 0.5),
    judged('a', 'b', 0.5),
    judged('a', 'a', 1),
    judged('a', 'other', null),
  ]);
  expect(bands[0]).toMatchObject({ count: 2, right: 0.5, said: 0.5 });
  expect(bands.at(-1)).toMatchObject({ count: 1, right: 1, said: 1 });
});
