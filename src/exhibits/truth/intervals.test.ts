/** The intervals of the labelled sample, against the same estimate made one generation at a time. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { parseRange } from '../../server/report-service.ts';
import type { Row } from '../contract.ts';
import { intervalOf } from '../intervals.ts';
import { openWorld, records, type World } from './records.fixture.ts';
import { type Knowledge, knowledge, paid, weekOf, weight } from './reference.fixture.ts';

let world: World;
let know: Knowledge;
beforeAll(async () => {
  // What is added up in another order must be the same.
  vi.stubEnv('STATEAI_THREADS', '2');
  world = await openWorld();
  know = knowledge(world.reports.catalog);
});
afterAll(() => {
  vi.unstubAllEnvs();
  return world.close();
});

const category = (g: Generation) => know.placed(g)?.category ?? '';
const facts = (g: Generation) => know.facts(g);
const labelled = records.filter((g) => g.labels !== null);

interface Case {
  /** Whether it is of the whole that the value is a part of. */
  whole: (g: Generation, row: Row, list: readonly Generation[]) => boolean;
  inSeries: (g: Generation, row: Row) => boolean;
  amount: (g: Generation) => number;
  base?: (g: Generation) => number;
}
const sameWeek = (g: Generation, row: Row) => weekOf(g.createdAt) === row.period;
const counted = (g: Generation) => g.requests !== null && g.promptTokens !== null;
/** Authors that something was paid for. */
const paying = (list: readonly Generation[]) =>
  new Set(
    list.filter((g) => category(g) === 'programming' && (paid(g) ?? 0) > 0).map((g) => facts(g).author),
  );
const CASES: Record<string, Case> = {
  F6: {
    whole: (g, row) => sameWeek(g, row) && facts(g).openness === 'open' && category(g) !== 'other',
    inSeries: (g, row) => category(g) === row.series,
    amount: (g) => g.totalTokens,
  },
  F16: {
    whole: (g, row) => sameWeek(g, row) && category(g) === row.series && counted(g),
    inSeries: () => true,
    amount: (g) => g.promptTokens ?? 0,
    base: (g) => g.requests ?? 0,
  },
  F19: {
    whole: (g, row) => sameWeek(g, row) && category(g) !== 'other',
    inSeries: (g) => category(g) === 'programming',
    amount: (g) => g.totalTokens,
  },
  F20: {
    whole: (g, row, list) =>
      sameWeek(g, row) &&
      category(g) === 'programming' &&
      paid(g) !== null &&
      paying(list).has(facts(g).author),
    inSeries: (g, row) => facts(g).author === row.series,
    amount: (g) => paid(g) ?? 0,
  },
  F22: {
    whole: (g, row) => sameWeek(g, row) && facts(g).author === row.panel && category(g) !== 'other',
    inSeries: (g, row) => category(g) === row.series,
    amount: (g) => g.totalTokens,
  },
};

/** As the file of intervals says, plainly. */
function reference({ whole, inSeries, amount, base = amount }: Case, row: Row, list: readonly Generation[]) {
  const all = list.filter((g) => whole(g, row, list));
  const sizeOf = (g: Generation) => base(g) * weight(g);
  const size = all.reduce((sum, g) => sum + sizeOf(g), 0);
  const mine = all.filter((g) => inSeries(g, row));
  const value = mine.reduce((sum, g) => sum + amount(g) * weight(g), 0) / size;
  const loose = (g: Generation) => (g.sampleRate ? Math.sqrt(1 - g.sampleRate) : 1);
  const clusters = [...Map.groupBy(all, (g) => g.account ?? g.id).values()].map((own) => ({
    error: own.reduce(
      (sum, g) => sum + ((inSeries(g, row) ? amount(g) * weight(g) : 0) - value * sizeOf(g)) * loose(g),
      0,
    ),
    size: own.reduce((sum, g) => sum + sizeOf(g) * loose(g), 0),
  }));
  const n = clusters.length;
  const squares = clusters.reduce((sum, c) => sum + c.size ** 2, 0);
  const variance = ((n / (n - 1)) * clusters.reduce((sum, c) => sum + c.error ** 2, 0)) / size ** 2;
  const worth = squares > 0 ? clusters.reduce((sum, c) => sum + c.size, 0) ** 2 / squares : null;
  return intervalOf({ value, variance, clusters: n, worth }, base === amount ? 'share' : 'mean');
}

describe.each(Object.entries(CASES))('%s', (id, each) => {
  it.each(['', 'app=x'])('has the intervals of the reference %s', async (where) => {
    const range = parseRange(where ? { where: [where] } : {});
    const { rows, columns } = await world.reports.exhibit('t', id, range, 'en');
    expect(columns.slice(columns.indexOf('value'))).toEqual(['value', 'low', 'high', 'requests', 'partial']);
    const list = labelled.filter((g) => !where || g.app === 'x');
    const compared = rows.filter((row, i) => i % 5 === 0 && row.value !== null && row.series !== 'other');
    expect(compared.length).toBeGreaterThan(3);
    let known = 0;
    for (const row of compared) {
      const expected = reference(each, row, list);
      if (expected === null) {
        expect([row.low, row.high], JSON.stringify(row)).toEqual([null, null]);
        continue;
      }
      known++;
      expect(row.low, JSON.stringify(row)).toBeCloseTo(expected.low, 6);
      expect(row.high, JSON.stringify(row)).toBeCloseTo(expected.high, 6);
    }
    expect(known).toBeGreaterThan(3);
  });
});

it('says how many values are too thin to read', async () => {
  const { rows, notes } = await world.reports.exhibit('t', 'F9', parseRange({}), 'en');
  const thin = rows.filter((row) => Number(row.high) - Number(row.low) > 0.2).length;
  expect(thin).toBeGreaterThan(1);
  expect(notes.join(' ')).toContain(`${thin} of ${rows.length} values are too thin to read singly`);
});
