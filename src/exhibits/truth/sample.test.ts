/** The exhibits of the labelled sample, each against a reference over the same records. */
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
  paid,
  quotient,
  type Reference,
  shares,
  sum,
  weight,
} from './reference.fixture.ts';

type List = readonly Generation[];
let world: World;
let know: Knowledge;
beforeAll(async () => {
  world = await openWorld();
  know = knowledge(world.reports.catalog);
});
afterAll(() => world.close());

const category = (g: Generation) => know.placed(g)?.category ?? '';
const tag = (g: Generation) => know.placed(g)?.tag ?? '';
const weighted = (g: Generation) => g.totalTokens * weight(g);
const labelled = (list: List) => list.filter((g) => g.labels !== null);
const named = (list: List) => labelled(list).filter((g) => category(g) !== 'other');
const of = (list: List, wanted: string) => labelled(list).filter((g) => category(g) === wanted);
const open = (g: Generation) => know.facts(g).openness === 'open';
const meanOf = (value: (g: Generation) => number | null, list: List) =>
  quotient(
    sum(list, (g) => (value(g) ?? 0) * weight(g)),
    sum(list, (g) => (g.requests ?? 0) * weight(g)),
  );

function byAuthor(list: List, authors: readonly string[]): Reference {
  const panels = authors.map((author) =>
    shares(
      named(list).filter((g) => know.facts(g).author === author),
      category,
      weighted,
      author,
    ),
  );
  return new Map(panels.flatMap((panel) => [...panel]));
}

/** Tags with 7 % of their category keep their name. */
function largeTags(list: List): Set<string> {
  const whole = sum(list, weighted);
  const tags = Map.groupBy(list, tag);
  return new Set([...tags].filter(([, own]) => sum(own, weighted) >= 0.07 * whole).map(([name]) => name));
}

const REFERENCES: Record<string, (list: List) => Reference> = {
  F6: (list) => shares(named(list).filter(open), category, weighted),
  F7: (list) =>
    shares(
      named(list).filter((g) => know.group(g) === 'open-chinese'),
      category,
      weighted,
    ),
  F8: (list) => shares(of(list, 'programming'), know.group, weighted),
  F9: (list) => shares(of(list, 'roleplay'), know.group, weighted),
  F16: (list) =>
    byWeek(
      named(list).filter((g) => g.promptTokens !== null && g.requests !== null),
      (week) =>
        Object.fromEntries(
          [...Map.groupBy(week, category)].map(([name, own]) => [name, meanOf((g) => g.promptTokens, own)]),
        ),
    ),
  F18: (list) =>
    byWeek(
      labelled(list).filter(
        (g) => g.requests !== null && g.promptTokens !== null && g.completionTokens !== null,
      ),
      (week) => {
        const programming = of(week, 'programming');
        const overall = { overall: meanOf((g) => g.totalTokens, week) };
        if (programming.length === 0) return overall;
        return { programming: meanOf((g) => g.totalTokens, programming), ...overall };
      },
    ),
  F19: (list) =>
    byWeek(named(list), (week) => ({
      programming: quotient(sum(of(week, 'programming'), weighted), sum(week, weighted)),
    })),
  F20(list) {
    const spend = (g: Generation) => (paid(g) ?? 0) * weight(g);
    const author = (g: Generation) => know.facts(g).author;
    const priced = of(list, 'programming').filter((g) => paid(g) !== null);
    const totals = [...Map.groupBy(priced, author)].map(([name, own]) => ({ name, spend: sum(own, spend) }));
    const ranked = totals.filter((t) => t.spend > 0).sort((a, b) => b.spend - a.spend);
    const shown = ranked.slice(0, 8).map((t) => t.name);
    const paying = priced.filter((g) => ranked.some((t) => t.name === author(g)));
    return shares(paying, (g) => (shown.includes(author(g)) ? author(g) : 'other'), spend);
  },
  F22: (list) => byAuthor(list, ['anthropic', 'google', 'x-ai']),
  F23: (list) => byAuthor(list, ['openai', 'deepseek', 'qwen']),
  F29: (list) =>
    new Map(
      ['roleplay', 'programming', 'technology'].flatMap((name) => {
        const own = of(list, name);
        const large = largeTags(own);
        return [...shares(own, (g) => (large.has(tag(g)) ? tag(g) : 'other'), weighted, name)];
      }),
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
  'category=programming',
];
const PANELLED = ['F22', 'F23', 'F29'];

describe.each(Object.keys(REFERENCES))('%s', (id) => {
  const names = PANELLED.includes(id) ? ['panel', 'period', 'series'] : ['period', 'series'];

  it.each(['t', 'pieces'])('equals the reference (%s)', async (dataset) => {
    const result = await world.reports.exhibit(dataset, id, parseRange({}), 'en');
    compare(result.rows, REFERENCES[id]?.(records) ?? new Map(), names);
    expect(result.rows.length).toBeGreaterThan(0);
    expect(result.provenance.classifier).toContain('rules@1');
  });

  it.each(FILTERS)('equals the reference under %s', async (where) => {
    const result = await world.reports.exhibit('t', id, parseRange({ where: [where] }), 'en');
    compare(result.rows, REFERENCES[id]?.(records.filter(filters(know)[where])) ?? new Map(), names);
  });
});

describe('F21', () => {
  const reference = (list: List): Reference => {
    const categories = [...Map.groupBy(named(list), category)]
      .map(([name, own]) => ({ name, own, tokens: sum(own, weighted) }))
      .sort((a, b) => b.tokens - a.tokens || a.name.localeCompare(b.name))
      .slice(0, 12);
    const out: Reference = new Map();
    for (const { name, own, tokens } of categories) {
      const large = largeTags(own);
      const groups = Map.groupBy(own, (g) => (large.has(tag(g)) ? tag(g) : 'other'));
      for (const [series, part] of groups) out.set(`${name} | ${series}`, sum(part, weighted) / tokens);
    }
    return out;
  };

  it.each([undefined, ...FILTERS])('equals the reference under %s', async (where) => {
    const keep = where ? filters(know)[where] : () => true;
    const result = await world.reports.exhibit('t', 'F21', parseRange({ where: where ? [where] : [] }), 'en');
    compare(result.rows, reference(records.filter(keep)), ['group', 'series']);
  });

  it('has its columns in two parts of six, largest first', async () => {
    const run = (id: string) => world.reports.exhibit('t', id, parseRange({}), 'en');
    const [whole, a, b] = [await run('F21'), await run('F21a'), await run('F21b')];
    expect(whole.groups).toHaveLength(12);
    expect(a.groups.map((g) => g.key)).toEqual(whole.groups.slice(0, 6).map((g) => g.key));
    expect([...a.rows, ...b.rows]).toEqual(whole.rows);
    expect(whole.facts).toMatchObject({ shown: 12 });
  });
});

it('the notes say how much no category has', async () => {
  const { facts, notes } = await world.reports.exhibit('t', 'F6', parseRange({}), 'en');
  const sample = labelled(records).filter(open);
  const other = sample.filter((g) => category(g) === 'other');
  expect(facts.labelled).toBe(sample.length);
  expect(facts.other_share).toBeCloseTo(sum(other, weighted) / sum(sample, weighted), 9);
  expect(notes.join(' ')).toContain('belong to no category');
  const all = labelled(records);
  const unknown = all.filter((g) => know.facts(g).openness === 'unknown');
  expect(unknown.length).toBeGreaterThan(0);
  expect(facts.unknown_openness_share).toBeCloseTo(sum(unknown, weighted) / sum(all, weighted), 9);
  expect(notes.join(' ')).toContain('unknown whether the model is open');
  const chinese = await world.reports.exhibit('t', 'F7', parseRange({}), 'en');
  const anywhere = all.filter((g) => know.group(g) === 'unknown');
  expect(chinese.facts.unknown_source_share).toBeCloseTo(sum(anywhere, weighted) / sum(all, weighted), 9);
  expect(chinese.notes.join(' ')).toContain('is open, or where it comes from');
});
