import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/catalog.ts';
import { SHARED_DATA } from '../testing/workspace.ts';
import type { Row } from './contract.ts';
import type { Exhibit, Published } from './define.ts';
import { comparedOn, compareWithPublished } from './published.ts';
import type { Reader } from './reader.ts';
import { EXHIBITS, exhibitNamed } from './registry.ts';
import { type Range, runExhibit } from './run.ts';

const catalog = await loadCatalog({ dataDir: '/nowhere' });
const RANGE: Range = { from: null, to: null, grain: 'week', where: {} };

/** An exhibit's result with these rows and facts, whatever the query. */
function resultOf(id: string, rows: Row[], facts: Row = {}, where: Range['where'] = {}) {
  const exhibit = exhibitNamed(id, '/nowhere');
  const reader = {
    query: async (queries: readonly string[]) =>
      queries.map((sql) => (sql === exhibit.factsSql ? [facts] : rows)),
    notTaken: () => [],
    absent: async () => [],
    classifier: async () => null,
    periods: [],
    info: { name: 'x', tokens: 1, fields: new Proxy({}, { get: () => 1 }), unknownModelShare: 0 },
    sample: null,
    notes: [],
  } as unknown as Reader;
  return runExhibit(exhibit, reader, catalog, { ...RANGE, where }, 'en');
}
async function compared(id: string, rows: Row[], facts: Row = {}, onto = id) {
  const result = await resultOf(id, rows, facts);
  return compareWithPublished(exhibitNamed(onto, '/nowhere'), result);
}

const monday = (i: number) => new Date(Date.UTC(2024, 10, 4) + i * 7 * 86_400_000).toISOString().slice(0, 10);
const WEEKS = Array.from({ length: 56 }, (_, i) => monday(i));
const weekly = (series: string, value: (i: number) => number, panel?: string): Row[] =>
  WEEKS.map((period, i) => ({
    ...(panel ? { panel } : {}),
    period,
    series,
    value: value(i),
    requests: 1,
    partial: false,
  }));

describe('measures', () => {
  it('mean, lowest, highest and end, of whole weeks of the window', async () => {
    const rows = [
      ...weekly('open-chinese', (i) => (i === 3 ? 0.01 : i === 30 ? 0.31 : 0.13)),
      ...weekly('open-row', (i) => (i >= 52 ? 0.2 : 0.137)),
      ...weekly('closed', () => 0.7),
      // Before, after and partial weeks are not read.
      { period: '2024-10-28', series: 'closed', value: 0, requests: 1, partial: false },
      { period: '2025-12-01', series: 'closed', value: 0, requests: 1, partial: false },
    ];
    const f1 = await compared('F1', rows);
    expect(f1.map((c) => [c.label, c.within])).toEqual([
      ['Closed · mean', true],
      ['Chinese open · mean', true],
      ['Rest-of-world open · mean', true],
      ['Chinese open · lowest week', true],
      ['Chinese open · highest week', true],
      ['Chinese open + Rest-of-world open · end', true],
    ]);
    expect(f1[0]).toMatchObject({ published: '≈ 70 %', unit: 'share', tolerance: 0.05 });
    expect(f1[0]?.measured).toBeCloseTo(0.7, 9);
    expect(f1[5]?.measured).toBeCloseTo(0.33, 9);
  });

  it('says by how much a bound is missed, and 0 inside it', async () => {
    const f10 = await compared(
      'F10',
      weekly('reasoning', (i) => (i >= 52 ? 0.4 : 0.02)),
    );
    expect(f10[0]).toMatchObject({ within: true });
    expect(f10[1]).toMatchObject({ within: false });
    expect(f10[1]?.difference).toBeCloseTo(-0.1, 9);
    const more = await compared(
      'F10',
      weekly('reasoning', () => 0.8),
    );
    expect(more[1]).toMatchObject({ difference: 0, within: true });
  });

  it('a month, a week, and the typical week', async () => {
    const rows = weekly('anthropic', (i) => (WEEKS[i] === '2025-11-17' ? 0.55 : 0.65));
    const f20 = await compared('F20', rows);
    expect(f20[0]?.measured).toBeCloseTo(0.65, 9);
    expect(f20[1]).toMatchObject({ label: 'Anthropic · the week of 17 November 2025', within: true });
    expect(f20[1]?.measured).toBeCloseTo(0.55, 9);
    // Nothing of OpenAI in weeks that have spend: a share of 0.
    expect(f20[2]).toMatchObject({ label: 'OpenAI · July 2025', measured: 0, within: false });
  });

  it('an order, a ratio, a panel', async () => {
    const [first, second, third] = [
      'x-ai/grok-code-fast-1',
      'google/gemini-2.5-pro',
      'google/gemini-2.5-flash',
    ];
    const rows = [
      ...weekly(second as string, () => 0.2),
      ...weekly(first as string, (i) => (i > 40 ? 0.5 : 0)),
      ...weekly(third as string, () => 0.1),
    ];
    expect((await compared('F11', rows))[0]).toMatchObject({
      within: true,
      found: `${first}, ${second}, ${third}`,
    });
    const lengths = [...weekly('programming', () => 7000), ...weekly('overall', () => 2000)];
    expect((await compared('F18', lengths))[0]).toMatchObject({ measured: 3.5, within: true, unit: 'ratio' });
    const mix = [
      ...weekly('programming', () => 0.6, 'anthropic'),
      ...weekly('technology', () => 0.25, 'anthropic'),
    ];
    expect((await compared('F22', mix))[0]).toMatchObject({
      label: 'Anthropic: Programming + Technology · mean',
      within: true,
    });
  });

  it('totals in proportion to the authors listed', async () => {
    const rows = [
      { author: 'deepseek', author_name: 'DeepSeek', tokens: 425, share: 0.4, models: 1, requests: 1 },
      { author: 'qwen', author_name: 'Qwen', tokens: 575, share: 0.5, models: 1, requests: 1 },
      { author: 'nobody', author_name: 'Nobody', tokens: 9000, share: 0.1, models: 1, requests: 1 },
    ];
    const t1 = await compared('T1', rows);
    // 14.37 of 33.8 trillions that the study lists.
    expect(t1[0]).toMatchObject({ measured: 0.425, within: true, published: '14.37 T' });
    expect(t1[0]?.difference).toBeCloseTo(0.425 - 14.37 / 33.8, 9);
    expect(t1[1]?.within).toBe(false);
  });

  it('tags, languages and what is not listed', async () => {
    const tags = [
      { group: 'roleplay', series: 'roleplaying games', value: 0.6, requests: 1 },
      { group: 'roleplay', series: 'other', value: 0.4, requests: 1 },
      { group: 'health', series: 'nursing', value: 0.2, requests: 1 },
    ];
    const f21 = await compared('F21', tags);
    expect(f21[0]).toMatchObject({ measured: 0.6, within: true });
    expect(f21.find((c) => c.label === 'Health: largest tag')).toMatchObject({ measured: 0.2, within: true });
    expect(f21.find((c) => c.label === 'Finance: largest tag')).toMatchObject({
      measured: null,
      within: null,
    });
    const language = (code: string, share: number) => ({ language: code, tokens: 1, share, requests: 1 });
    const t2 = await compared('T2', [
      language('en', 0.8),
      language('en-GB', 0.03),
      language('zh', 0.05),
      language('de', 0.12),
    ]);
    expect(t2.map((c) => c.measured?.toFixed(2))).toEqual(['0.83', '0.05', '0.00', '0.00', '0.00', '0.12']);
  });

  it('prices, use on one scale, and segments', async () => {
    const exhibit = exhibitNamed('T3', '/nowhere');
    expect(comparedOn(exhibit)).toBe('F28');
    const printed = exhibit.published.filter((p) => p.stat === 'use');
    const rows = printed.map((p) => ({
      name: String(p.series),
      group: 'x',
      x: exhibit.published.find((q) => q.series === p.series && q.stat === 'price')?.value ?? 0,
      // The same use at a thousandth of the scale.
      y: 10 ** ((p.value ?? 0) - 3),
      model: String(p.series),
      requests: 1,
    }));
    const t3 = await compared('F28', rows, { median_x: 1, median_y: 100 }, 'T3');
    expect(t3).toHaveLength(24);
    expect(t3.filter((c) => c.within !== true)).toEqual([]);
  });

  it('retention and verdicts of cohorts', async () => {
    const model = 'anthropic/claude-sonnet-4';
    const rows = [1, 0.6, 0.5, 0.45, 0.42, 0.41].map((value, age) => ({
      model,
      cohort: '2025-05-01',
      age,
      accounts: 100 * value,
      value,
    }));
    const f25 = await compared('F25', rows);
    expect(f25[0]).toMatchObject({ measured: 0.41, within: true });
    expect(f25[2]).toMatchObject({ within: null, unit: 'words' });
  });

  it('of an empty result nothing is measured and nothing fails', async () => {
    for (const exhibit of EXHIBITS)
      for (const c of await compared(exhibit.id, []))
        expect([c.label, c.measured, c.within]).toEqual([c.label, null, null]);
  });
});

describe('beside a result', () => {
  it('every printed number has what is here, or nothing', async () => {
    const { published } = await resultOf(
      'F14',
      weekly('prompt', () => 1600),
    );
    expect(published).toEqual([
      { label: 'Prompt tokens per request · start', text: '≈ 1.5 K', measured: '1,600 tokens' },
      { label: 'Prompt tokens per request · end', text: '> 6 K', measured: '1,600 tokens' },
    ]);
    expect((await resultOf('F14', [])).published[0]).not.toHaveProperty('measured');
  });

  it('traffic of another time is read by its own course', async () => {
    const rows = weekly('prompt', (i) => (i < 4 ? 100 : i >= 52 ? 900 : 500)).map((row) => ({
      ...row,
      period: String(row.period).replace(/^20\d\d/, (year) => String(Number(year) + 10)),
    }));
    expect((await resultOf('F14', rows)).published.map((p) => p.measured)).toEqual([
      '100 tokens',
      '900 tokens',
    ]);
  });

  it('nothing is compared where filters make it of something else than what was printed', async () => {
    const rows = weekly('closed', () => 0);
    const measured = async (where: Range['where']) =>
      (await resultOf('F1', rows, {}, where)).published[0]?.measured;
    expect(await measured({ open: ['true'] })).toBeUndefined();
    expect(await measured({ model: ['openai/gpt-5'], country: ['DE'] })).toBeUndefined();
    expect(await measured({ country: ['DE'] })).toBe('0.0%');
  });

  it('spend by place is not compared where it is of some places', async () => {
    const rows = [{ period: '2025-11-03', series: 'asia', value: 1, requests: 1, partial: false }];
    const measured = async (where: Range['where']) =>
      (await resultOf('F24', rows, {}, where)).published.map((p) => p.measured !== undefined);
    expect(await measured({ app: ['x'] })).toContain(true);
    expect(await measured({ region: ['asia'] })).not.toContain(true);
    expect(await measured({ country: ['JP'] })).not.toContain(true);
  });

  it('an order is printed in names, and a model of a segment in one line', async () => {
    const [order] = (
      await resultOf(
        'F11',
        weekly('google/gemini-2.5-pro', () => 1),
      )
    ).published;
    expect(order).toEqual({
      label: 'Order at the end',
      text: 'Grok Code Fast 1, Gemini 2.5 Pro, Gemini 2.5 Flash',
      measured: 'Gemini 2.5 Pro',
    });
    const segments = (await resultOf('T3', [])).published;
    expect(segments[0]).toEqual({
      label: 'Efficient giants: Gemini 2.0 Flash',
      text: '$0.147 per 1M tokens, log10 of use 6.68',
    });
    expect(segments).toHaveLength(8);
  });

  it('a total is printed with its part of the totals listed', async () => {
    const rows = [{ author: 'qwen', author_name: 'Qwen', tokens: 5, share: 1, models: 1, requests: 1 }];
    expect((await resultOf('T1', rows)).published[1]).toMatchObject({
      label: 'Qwen · share of those listed',
      text: '16.5% (5.59 T)',
      measured: '100.0%',
    });
  });
});

const STUDY = join(SHARED_DATA, '..', 'study', 'published.json');
interface Printed {
  exhibit: string;
  [name: string]: unknown;
}

describe.skipIf(!existsSync(STUDY))('the study’s file of printed numbers', () => {
  const text = existsSync(STUDY) ? readFileSync(STUDY, 'utf8') : '{ "values": [] }';
  const { values } = JSON.parse(text) as { values: Printed[] };
  const numbersOf = (p: Printed): unknown[] => {
    const single = ['share', 'tokens', 'retention', 'usdPerM', 'log10Usage'].map((name) => p[name]);
    const scaled = typeof p.tokensT === 'number' ? [p.tokensT * 1e12] : [];
    const bounds = ['atLeast', 'atMost', 'tokensAtLeast', 'tokensAtMost'].map((name) => p[name]);
    return [...single, ...scaled, ...bounds, p.between ?? p.ratioBetween, p.verdict].filter(
      (v) => v !== undefined,
    );
  };
  const has = (exhibit: Exhibit, wanted: unknown) =>
    exhibit.published.some((p: Published) =>
      [p.value, p.atLeast, p.atMost, p.between, p.verdict].some(
        (v) => JSON.stringify(v) === JSON.stringify(wanted),
      ),
    );

  it.each(values.map((p) => [p.exhibit, JSON.stringify(p), p] as const))('%s has %s', (id, _, printed) => {
    const exhibit = exhibitNamed(id, '/nowhere');
    if (printed.order) expect(exhibit.published[0]?.series).toEqual(printed.order);
    for (const number of numbersOf(printed)) expect(has(exhibit, number), JSON.stringify(number)).toBe(true);
  });
});
