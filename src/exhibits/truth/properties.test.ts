/** What holds for every exhibit whatever the data: marts or records, grain, parts of a filter, order of the input. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseRange } from '../../server/report-service.ts';
import { queryViews } from '../../warehouse/query-views.ts';
import type { ExhibitResult, Row } from '../contract.ts';
import { EXHIBITS } from '../registry.ts';
import { load, openWorld, records, type World } from './records.fixture.ts';
import { tokens } from './reference.fixture.ts';

let world: World;
beforeAll(async () => {
  // What is added up in another order must be the same.
  vi.stubEnv('STATEAI_THREADS', '2');
  world = await openWorld();
});
afterAll(() => {
  vi.unstubAllEnvs();
  return world.close();
});

type Options = Parameters<typeof parseRange>[0];
const run = (id: string, options: Options = {}, dataset = 't', lang: 'en' | 'zh' = 'en') =>
  world.reports.exhibit(dataset, id, parseRange(options), lang);
const IDS = EXHIBITS.map((e) => e.id);
/** Sums of the same numbers in another order differ in their last digits. */
const rounded = (rows: readonly Row[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [
        name,
        typeof cell === 'number' && !Number.isInteger(cell) ? Number(cell.toPrecision(9)) : cell,
      ]),
    ),
  );

describe.each(IDS)('%s', (id) => {
  it('has rows, a statement and a method in both languages', async () => {
    for (const lang of ['en', 'zh'] as const) {
      const result = await run(id, {}, 't', lang);
      expect(result.lacking).toEqual([]);
      expect(result.rows.length).toBeGreaterThan(0);
      expect(result.statement).not.toBe('');
      const texts = [result.statement, ...result.notes, result.title, result.subtitle, result.method];
      for (const text of texts)
        expect(text).not.toMatch(/(statements|units|notes|exhibits|quadrants)\.[a-z]/i);
      for (const info of [...result.series, ...result.groups, ...result.panels])
        expect(info.label).not.toBe('');
    }
  });

  it('gives the same from marts and from the records, under any filter', async () => {
    const engine = await world.warehouse.dataset('t').engine();
    const exhibit = EXHIBITS.find((e) => e.id === id);
    if (!exhibit) throw new Error(id);
    for (const where of [[], ['country=DE'], ['region=europe', 'open=true']]) {
      const range = parseRange({ where, grain: 'month' });
      const views = await world.reports.views('t', range, exhibit.sql, { raw: true });
      const raw = await queryViews<Row>(engine, views, exhibit.sql);
      const { rows, columns } = await world.reports.exhibit('t', id, range, 'en');
      const shared = columns.filter((name) => Object.keys(raw[0] ?? {}).includes(name) && name !== 'name');
      const only = (row: Row) => Object.fromEntries(shared.map((name) => [name, row[name] ?? null]));
      expect(rounded(rows.map(only))).toEqual(rounded(raw.map(only)));
    }
  });

  it('does not depend on the order of the input, nor on how it is cut', async () => {
    const [whole, pieces] = [await run(id), await run(id, {}, 'pieces')];
    expect(rounded(pieces.rows)).toEqual(rounded(whole.rows));
    expect(pieces.statement).toBe(whole.statement);
  });
});

/** Values by what they must sum to 1 within: panel and period, or group. */
function wholes(result: ExhibitResult): number[] {
  const sums = new Map<string, number>();
  for (const row of result.rows) {
    if (row.value === null) continue;
    const key = [row.panel, row.period, row.group].join();
    sums.set(key, (sums.get(key) ?? 0) + Number(row.value));
  }
  return [...sums.values()];
}

const WHOLES = [
  'F1',
  'F3',
  'F4',
  'F6',
  'F7',
  'F8',
  'F9',
  'F10',
  'F11',
  'F13',
  'F20',
  'F21',
  'F22',
  'F23',
  'F24',
  'F29',
];
it.each(WHOLES)('shares of %s sum to 1', async (id) => {
  for (const options of [{}, { grain: 'month' }, { where: ['country=US'] }]) {
    const sums = wholes(await run(id, options));
    expect(sums.length).toBeGreaterThan(0);
    for (const sum of sums) expect(sum).toBeCloseTo(1, 9);
  }
});

it('languages sum to 1', async () => {
  const { rows } = await run('T2');
  expect(rows.reduce((s, r) => s + Number(r.share), 0)).toBeCloseTo(1, 9);
});

const TOTALS = ['T1', 'F21', 'T2', 'F25', 'F26', 'F27', 'F28', 'T3'];
it.each(TOTALS)('%s does not depend on the grain', async (id) => {
  const weekly = await run(id);
  for (const grain of ['day', 'month'])
    expect(rounded((await run(id, { grain })).rows)).toEqual(rounded(weekly.rows));
});

describe('parts of a filter', () => {
  const COUNTRIES = ['DE', 'US', 'CN', 'BR', 'unknown'];
  const total = (rows: readonly Row[], column: string) => rows.reduce((s, r) => s + Number(r[column]), 0);
  it.each([
    ['F2', 'value'],
    ['T1', 'tokens'],
    ['T2', 'tokens'],
    ['F27', 'y'],
  ])('sum to the whole of %s', async (id, column) => {
    const whole = total((await run(id)).rows, column);
    let parts = 0;
    for (const country of COUNTRIES)
      parts += total((await run(id, { where: [`country=${country}`] })).rows, column);
    // A model that is free in one country and not in another is counted where it costs something.
    if (id === 'F27') expect(parts).toBeLessThanOrEqual(whole);
    else expect(parts).toBe(whole);
    const all = await run(id, { where: COUNTRIES.map((c) => `country=${c}`) });
    expect(total(all.rows, column)).toBe(whole);
  });

  it('labelled generations of all countries are all labelled generations', async () => {
    const labelled = async (where: string[]) => Number((await run('F6', { where })).facts.labelled);
    let parts = 0;
    for (const country of COUNTRIES) parts += await labelled([`country=${country}`]);
    expect(parts).toBe(await labelled([]));
  });
});

describe('a week more', () => {
  const LAST = '2025-05-12';
  beforeAll(async () => {
    const early = records.filter((g) => g.createdAt < Date.parse(LAST));
    const next = records.filter((g) => g.createdAt < Date.parse(LAST) + 7 * 86_400_000);
    await load(world.warehouse, 'early', [early]);
    await load(world.warehouse, 'later', [early, next.filter((g) => !early.includes(g))]);
  });

  // Exhibits that choose what they show by the whole window may show others then.
  it.each([
    'F1',
    'F2',
    'F4',
    'F5',
    'F6',
    'F8',
    'F10',
    'F12',
    'F14',
    'F15',
    'F16',
    'F17',
    'F18',
    'F19',
    'F22',
    'F24',
  ])('changes nothing in the weeks of %s before it', async (id) => {
    const before = await run(id, {}, 'early');
    const after = await run(id, {}, 'later');
    // A series that first occurs in the new week is 0 in those before.
    const there = (rows: readonly Row[]) =>
      rounded(rows.filter((r) => String(r.period) < LAST && r.value !== 0));
    expect(there(after.rows)).toEqual(there(before.rows));
    expect(after.rows.some((r) => r.period === LAST)).toBe(true);
  });
});

it('a total of tokens does not depend on the grain', async () => {
  for (const grain of ['day', 'week', 'month'])
    expect((await run('F2', { grain })).rows.reduce((s, r) => s + Number(r.value), 0)).toBe(tokens(records));
});

it('partial periods are those that data or selection do not cover', async () => {
  const result = await run('F2', { from: '2025-02-05', to: '2025-03-02' });
  expect(result.periods).toEqual([
    { period: '2025-02-03', partial: true },
    { period: '2025-02-10', partial: false },
    { period: '2025-02-17', partial: false },
    { period: '2025-02-24', partial: false },
  ]);
});

it('a panel alone has the rows of that panel', async () => {
  const [whole, b] = [await run('F22'), await run('F22b')];
  expect(whole.panels.map((p) => p.label)).toEqual(['Anthropic', 'Google', 'xAI']);
  expect(whole.columns[0]).toBe('panel');
  expect(b.panels).toEqual([{ key: 'google', label: 'Google' }]);
  expect(b.rows).toEqual(whole.rows.filter((r) => r.panel === 'google'));
  expect(b.published.every((p) => p.label.startsWith('Google'))).toBe(true);
  await expect(run('F22d')).rejects.toThrow('"F22d" is not an exhibit');
});
