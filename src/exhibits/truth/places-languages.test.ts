/** Spend by region (F24) and languages (T2), each against a reference over the same records. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { parseRange } from '../../server/report-service.ts';
import { load, openWorld, records, type World } from './records.fixture.ts';
import {
  compare,
  type FilterText,
  filters,
  type Knowledge,
  knowledge,
  paid,
  shares,
  sum,
  tokens,
} from './reference.fixture.ts';

let world: World;
let know: Knowledge;
beforeAll(async () => {
  world = await openWorld();
  know = knowledge(world.reports.catalog);
});
afterAll(() => world.close());

const FILTERS: (FilterText | undefined)[] = [
  undefined,
  'provider=a',
  'country=unknown',
  'open=true',
  'author=openai',
  'app=x',
  'region=europe',
];
const kept = (where: FilterText | undefined) => (where ? records.filter(filters(know)[where]) : records);
const range = (where: FilterText | undefined) => parseRange({ where: where ? [where] : [] });

describe.each(['t', 'pieces'])('in dataset %s', (dataset) => {
  it.each(FILTERS)('F24 equals the reference under %s', async (where) => {
    const { rows } = await world.reports.exhibit(dataset, 'F24', range(where), 'en');
    const paying = kept(where).filter((g) => (paid(g) ?? 0) > 0);
    compare(
      rows,
      shares(paying, know.continent, (g: Generation) => paid(g) ?? 0),
      ['period', 'series'],
    );
  });

  it.each(FILTERS)('T2 equals the reference under %s', async (where) => {
    const { rows, facts } = await world.reports.exhibit(dataset, 'T2', range(where), 'en');
    const known = kept(where).filter((g) => g.language !== null);
    const languages = [...Map.groupBy(known, (g) => String(g.language))]
      .map(([language, list]) => [language, tokens(list)] as const)
      .sort((a, b) => b[1] - a[1]);
    expect(rows.map((r) => [r.language, r.tokens])).toEqual(languages);
    for (const row of rows) expect(row.share).toBeCloseTo(Number(row.tokens) / tokens(known), 9);
    expect(facts.unknown_share).toBeCloseTo(1 - tokens(known) / tokens(kept(where)), 9);
  });
});

it('T2 names languages in the language of the reader', async () => {
  const names = async (lang: 'en' | 'zh') => {
    const { rows } = await world.reports.exhibit('t', 'T2', parseRange({}), lang);
    return Object.fromEntries(rows.map((r) => [r.language, r.name]));
  };
  expect(await names('en')).toEqual({ en: 'English', 'zh-Hans': 'Simplified Chinese', ru: 'Russian' });
  expect(await names('zh')).toEqual({ en: '英语', 'zh-Hans': '简体中文', ru: '俄语' });
});

it('T2 takes a language for the same however its code is written, and "und" for unknown', async () => {
  const codes = ['en', 'EN', 'zh-hans', 'zh_Hans', 'pt-br', 'und', 'Und', null];
  const batch = codes.map((language, i) => ({
    ...(records[0] as Generation),
    ...{ id: `code-${i}`, language, promptTokens: 10, completionTokens: 0, totalTokens: 10 },
  }));
  await load(world.warehouse, 'codes', [batch]);
  const { rows, facts } = await world.reports.exhibit('codes', 'T2', parseRange({}), 'en');
  expect(rows.map((r) => [r.language, r.tokens])).toEqual([
    ['en', 20],
    ['zh-Hans', 20],
    ['pt-BR', 10],
  ]);
  expect(facts).toMatchObject({ languages: 3, unknown_share: 3 / 8 });
});

it('F24 says how much of the traffic has no price and how much of the spend no place', async () => {
  const { facts } = await world.reports.exhibit('t', 'F24', parseRange({}), 'en');
  const priced = records.filter((g) => paid(g) !== null);
  expect(facts.unpriced_share).toBeCloseTo(1 - tokens(priced) / tokens(records), 9);
  const nowhere = priced.filter((g) => g.country === null);
  expect(facts.unplaced_share).toBeCloseTo(sum(nowhere, paid) / sum(priced, paid), 9);
});
