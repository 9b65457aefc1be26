/** The exhibits of all traffic, each against a reference over the same records. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { parseRange } from '../../server/report-service.ts';
import { openWorld, records, type World } from './records.fixture.ts';
import {
  byWeek,
  compare,
  type FilterText,
  filters,
  type Knowledge,
  knowledge,
  quotient,
  type Reference,
  shares,
  sum,
  tokens,
} from './reference.fixture.ts';

type List = readonly Generation[];
let world: World;
let know: Knowledge;
beforeAll(async () => {
  world = await openWorld();
  know = knowledge(world.reports.catalog);
});
afterAll(() => world.close());

const mean =
  (num: (g: Generation) => number | null, counts: (g: Generation) => boolean, series: string) =>
  (list: List) =>
    byWeek(
      list.filter((g) => g.requests !== null && counts(g)),
      (week) => ({
        [series]: quotient(
          sum(week, num),
          sum(week, (g) => g.requests),
        ),
      }),
    );

/** The 10 or 15 that have most over all weeks; the rest is one series. */
function leading(list: List, count: number): Reference {
  const model = (g: Generation) => know.facts(g).model;
  const ranked = [...Map.groupBy(list, model)].sort((a, b) => tokens(b[1]) - tokens(a[1]));
  const shown = ranked.slice(0, count).map(([name]) => name);
  return shares(list, (g) => (shown.includes(model(g)) ? model(g) : 'other'));
}

const REFERENCES: Record<string, (list: List) => Reference> = {
  F1: (list) => shares(list, know.group),
  F2: (list) =>
    byWeek(list, (week) =>
      Object.fromEntries(
        [...new Set(list.map(know.group))].map((s) => [s, tokens(week.filter((g) => know.group(g) === s))]),
      ),
    ),
  F3: (list) =>
    leading(
      list.filter((g) => know.facts(g).openness === 'open'),
      15,
    ),
  F4: (list) =>
    shares(
      list.filter((g) => know.facts(g).openness === 'open'),
      (g) => know.facts(g).size,
    ),
  F5: (list) => {
    const open = list.filter((g) => know.facts(g).openness === 'open');
    const sizes = [...new Set(open.map((g) => know.facts(g).size))];
    return byWeek(open, (week) =>
      Object.fromEntries(
        sizes.map((s) => [
          s,
          new Set(week.filter((g) => know.facts(g).size === s).map((g) => know.facts(g).model)).size,
        ]),
      ),
    );
  },
  F10: (list) =>
    shares(
      list,
      (g) => ({ true: 'reasoning', false: 'non-reasoning' })[String(know.facts(g).reasoning)] ?? 'unknown',
    ),
  F11: (list) =>
    leading(
      list.filter((g) => know.facts(g).reasoning),
      10,
    ),
  F12: (list) =>
    byWeek(list, (week) => ({
      'tool-calls': tokens(week.filter((g) => g.finishReason === 'tool_calls')) / tokens(week),
      unknown: tokens(week.filter((g) => g.finishReason === null)) / tokens(week),
    })),
  F13: (list) =>
    leading(
      list.filter((g) => g.toolsOffered),
      10,
    ),
  F14: mean(
    (g) => g.promptTokens,
    (g) => g.promptTokens !== null,
    'prompt',
  ),
  F15: (list) =>
    new Map([
      ...mean(
        (g) => g.completionTokens,
        (g) => g.completionTokens !== null,
        'completion',
      )(list),
      ...mean(
        (g) => g.reasoningTokens,
        (g) => g.completionTokens !== null && g.reasoningTokens !== null,
        'reasoning-part',
      )(list),
    ]),
  F17: mean(
    (g) => g.totalTokens,
    (g) => g.promptTokens !== null && g.completionTokens !== null,
    'sequence-length',
  ),
};

const FILTERS: FilterText[] = [
  'provider=a',
  'country=unknown',
  'byok=true',
  'open=true',
  'author=openai',
  'origin=chinese',
  'app=x',
  'region=europe',
];

describe.each(Object.keys(REFERENCES))('%s', (id) => {
  const reference = (list: List) => REFERENCES[id]?.(list) ?? new Map();

  it.each(['t', 'pieces'])('equals the reference (%s)', async (dataset) => {
    const result = await world.reports.exhibit(dataset, id, parseRange({}), 'en');
    compare(result.rows, reference(records), ['period', 'series']);
  });

  it.each(FILTERS)('equals the reference under %s', async (where) => {
    const result = await world.reports.exhibit('t', id, parseRange({ where: [where] }), 'en');
    compare(result.rows, reference(records.filter(filters(know)[where])), ['period', 'series']);
  });
});

it('T1 adds up the authors of open models', async () => {
  const { rows } = await world.reports.exhibit('t', 'T1', parseRange({}), 'en');
  const open = records.filter((g) => know.facts(g).openness === 'open');
  expect(rows.map((r) => [r.author, r.tokens])).toEqual(
    [...Map.groupBy(open, (g) => know.facts(g).author)]
      .map(([a, list]) => [a, tokens(list)])
      .sort((a, b) => Number(b[1]) - Number(a[1])),
  );
});

it('a list of leaders says of how many they are and what the others have', async () => {
  const { facts, notes } = await world.reports.exhibit('t', 'F13', parseRange({}), 'en');
  const offering = records.filter((g) => g.toolsOffered);
  const models = [...Map.groupBy(offering, (g) => know.facts(g).model).values()].map(tokens);
  models.sort((a, b) => b - a);
  const rest = models.slice(10).reduce((s, n) => s + n, 0);
  expect(facts).toMatchObject({ shown: 10, of: models.length });
  expect(facts.rest_share).toBeCloseTo(rest / tokens(offering), 9);
  expect(notes.join(' ')).toContain(`10 of ${models.length} models are shown`);
});

it.each(['F3', 'F4', 'F5', 'T1', 'F11'])(
  '%s says what it leaves out, as nobody knows the model so well',
  async (id) => {
    const { facts, notes } = await world.reports.exhibit('t', id, parseRange({}), 'en');
    const unknown = records.filter((g) =>
      id === 'F11' ? know.facts(g).reasoning === null : know.facts(g).openness === 'unknown',
    );
    expect(unknown.length).toBeGreaterThan(0);
    const share = id === 'F11' ? facts.unknown_reasoning_share : facts.unknown_openness_share;
    expect(share).toBeCloseTo(tokens(unknown) / tokens(records), 9);
    expect(notes.join(' ')).toContain(
      `of the tokens it is unknown whether the model ${id === 'F11' ? 'reasons' : 'is open'}`,
    );
  },
);
