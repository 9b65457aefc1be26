/** Cost and use (F26–F28, T3), each against a reference over the same records. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Generation } from '../../generation/generation.ts';
import { median } from '../../readings/statistics.ts';
import { parseRange } from '../../server/report-service.ts';
import type { Cell, Row } from '../contract.ts';
import { load, openWorld, records, type World } from './records.fixture.ts';
import {
  type FilterText,
  filters,
  type Knowledge,
  knowledge,
  paid,
  paidTokens,
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

interface Dot {
  key: string;
  x: number;
  y: number;
}

/** Dollars per million tokens and tokens of each, free ones too. */
function dotsOf(list: List, key: (g: Generation) => string, scale: (g: Generation) => number): Dot[] {
  return [...Map.groupBy(list, key)].flatMap(([name, own]) => {
    const y = sum(own, (g) => paidTokens(g) * scale(g));
    const spend = sum(own, (g) => (paid(g) ?? 0) * scale(g));
    return y > 0 ? [{ key: name, x: (spend / y) * 1e6, y }] : [];
  });
}
const priced = (dots: readonly Dot[]) => dots.filter((d) => d.x > 0).sort((a, b) => b.y - a.y);
const models = (list: List) =>
  dotsOf(
    list,
    (g) => know.facts(g).model,
    () => 1,
  );

function compareDots(rows: readonly Row[], dots: readonly Dot[], key: string): void {
  expect(rows.map((r) => r[key])).toEqual(dots.map((d) => d.key));
  rows.forEach((row, i) => {
    expect(Number(row.x) / (dots[i]?.x ?? 0), `x of ${row[key]}`).toBeCloseTo(1, 9);
    expect(Number(row.y) / (dots[i]?.y ?? 0), `y of ${row[key]}`).toBeCloseTo(1, 9);
  });
}
function near(cell: Cell | undefined, expected: number | null): void {
  if (expected === null) expect(cell).toBeNull();
  else expect(Number(cell) / expected).toBeCloseTo(1, 9);
}

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
const run = (id: string, where: FilterText | undefined, dataset = 't') =>
  world.reports.exhibit(dataset, id, parseRange({ where: where ? [where] : [] }), 'en');

describe.each(FILTERS)('under %s', (where) => {
  it('F26', async () => {
    const { rows, facts } = await run('F26', where);
    const sample = kept(where).filter((g) => g.labels !== null && know.placed(g)?.category !== 'other');
    const dots = dotsOf(sample, (g) => know.placed(g)?.category ?? '', weight);
    compareDots(rows, priced(dots), 'group');
    near(facts.median_x ?? null, median(priced(dots).map((d) => d.x)));
    near(facts.median_y ?? null, median(priced(dots).map((d) => d.y)));
    expect(facts).toMatchObject({ n: priced(dots).length, free: dots.length - priced(dots).length });
  });

  it('F27, with its regression', async () => {
    const { rows, facts } = await run('F27', where);
    const dots = models(kept(where));
    compareDots(rows, priced(dots), 'model');
    const points = priced(dots).map((d) => [Math.log10(d.x), Math.log10(d.y)] as const);
    const n = points.length;
    const [mx, my] = [0, 1].map((i) => points.reduce((s, p) => s + Number(p[i]), 0) / n) as [number, number];
    const sxy = points.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0);
    const sxx = points.reduce((s, [x]) => s + (x - mx) ** 2, 0);
    const syy = points.reduce((s, [, y]) => s + (y - my) ** 2, 0);
    const slope = sxy / sxx;
    expect(facts.n).toBe(n);
    expect(facts.slope).toBeCloseTo(slope, 9);
    expect(facts.intercept).toBeCloseTo(my - slope * mx, 9);
    expect(facts.r2).toBeCloseTo(sxy ** 2 / (sxx * syy), 9);
    expect(facts.price_cut_change).toBeCloseTo(0.9 ** slope - 1, 9);
    // The residual variance over that of the prices.
    expect(facts.slope_error).toBeCloseTo(Math.sqrt((syy - slope * sxy) / (n - 2) / sxx), 9);
    const free = dots.filter((d) => d.x === 0);
    expect(facts.free).toBe(free.length);
    const all = dots.reduce((s, d) => s + d.y, 0);
    expect(facts.free_share).toBeCloseTo(free.reduce((s, d) => s + d.y, 0) / all, 9);
  });

  it('F28 and T3, with medians and segments', async () => {
    const [f28, t3] = [await run('F28', where), await run('T3', where)];
    const dots = priced(models(kept(where)));
    compareDots(f28.rows, dots, 'model');
    const [x, y] = [median(dots.map((d) => d.x)) ?? 0, median(dots.map((d) => d.y)) ?? 0];
    near(f28.facts.median_x, x);
    near(f28.facts.median_y, y);
    const inSegment = (dear: boolean, used: boolean) =>
      dots.filter((d) => d.x >= x === dear && d.y >= y === used);
    const segments = {
      'efficient-giants': inSegment(false, true),
      'premium-leaders': inSegment(true, true),
      'long-tail': inSegment(false, false),
      'premium-specialists': inSegment(true, false),
    };
    expect(t3.rows.map((r) => [r.segment, r.model])).toEqual(
      Object.entries(segments).flatMap(([name, own]) => own.slice(0, 5).map((d) => [name, d.key])),
    );
    expect(f28.facts).toMatchObject({
      efficient_giants: segments['efficient-giants'].length,
      premium_leaders: segments['premium-leaders'].length,
      long_tail: segments['long-tail'].length,
      premium_specialists: segments['premium-specialists'].length,
    });
  });
});

it.each(['F26', 'F27', 'F28', 'T3'])('%s does not depend on how the records came in', async (id) => {
  const [whole, pieces] = [await run(id, undefined), await run(id, undefined, 'pieces')];
  const round = (rows: readonly Row[]) =>
    rows.map((row) =>
      Object.entries(row).map(([name, cell]) => [
        name,
        typeof cell === 'number' ? cell.toPrecision(9) : cell,
      ]),
    );
  expect(round(pieces.rows)).toEqual(round(whole.rows));
});

it('models of one price are told apart by their use alone, whatever sums their price comes from', async () => {
  const models = ['openai/gpt-4o-mini', 'deepseek/deepseek-r1', 'x-ai/grok-code-fast-1'];
  const flat = records.slice(0, 60).map((g, i) => {
    const model = models[i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2] as string;
    return { ...g, model, promptTokens: 100, completionTokens: 50, totalTokens: 150, cost: 0.1, byok: false };
  });
  await load(world.warehouse, 'flat', [flat]);
  const [f27, f28, t3] = [
    await run('F27', undefined, 'flat'),
    await run('F28', undefined, 'flat'),
    await run('T3', undefined, 'flat'),
  ];
  expect(f27.facts).toMatchObject({ n: 3, slope: null, slope_error: null });
  expect(f27.statement).toBe('3 models cost nearly the same: a line through their prices says nothing.');
  expect(f28.facts).toMatchObject({
    premium_leaders: 2,
    premium_specialists: 1,
    efficient_giants: 0,
    long_tail: 0,
  });
  expect(t3.rows.map((r) => r.segment)).toEqual([
    'premium-leaders',
    'premium-leaders',
    'premium-specialists',
  ]);
});

it('groups of F28 have the authors’ names and colours', async () => {
  const { groups } = await run('F28', undefined);
  const openai = groups.find((g) => g.key === 'openai');
  expect(openai).toMatchObject({ label: 'OpenAI', color: world.reports.catalog.author('openai').color });
});

it('a price 10 % lower goes with more use where the dearer models are used less', async () => {
  const { facts, statement } = await run('F27', undefined);
  expect(Math.sign(Number(facts.price_cut_change))).toBe(-Math.sign(Number(facts.slope)));
  expect(statement).toContain(Number(facts.slope) < 0 ? 'more use' : 'less use');
});
