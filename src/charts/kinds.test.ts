/** Compositions, scatters, cohorts, tables and panels: what their charts show of the rows. */
import { describe, expect, it } from 'vitest';
import type { ExhibitResult } from '../exhibits/contract.ts';
import { chartHeight, chartOption } from './chart-option.ts';
import { cohortsOf } from './cohorts.ts';
import { contrast, inkOn } from './color.ts';
import { compositionOf } from './composition.ts';
import type { ChartContext } from './context.ts';
import { ownLegends } from './legend-series.ts';
import { logScale, logTicks } from './log-scale.ts';
import { panelColumns, panelResults } from './panels.ts';
import {
  cohortsResult,
  compositionResult,
  panelsResult,
  scatterResult,
  seriesResult,
  tableResult,
  week,
} from './result.fixture.ts';
import { pointsOf } from './scatter-layout.ts';

const wide: ChartContext = { theme: 'light', lang: 'en', width: 900 };
const narrow: ChartContext = { ...wide, width: 340 };

interface DrawnSeries {
  id: string;
  type: string;
  data: unknown[];
  stack?: string;
  lineStyle?: { type: unknown; width: number };
}
const seriesOf = (result: ExhibitResult, context = wide) =>
  chartOption(result, context).series as DrawnSeries[];

function tooltip(result: ExhibitResult, params: unknown): string {
  const { formatter } = chartOption(result, wide).tooltip as { formatter: (params: unknown) => string };
  return formatter(params);
}
const texts = (result: ExhibitResult, context = wide): string[] =>
  [chartOption(result, context).graphic ?? []]
    .flat()
    .map((each) => (each as { style?: { text?: string } }).style?.text ?? '')
    .filter(Boolean);

describe('a composition', () => {
  const result = compositionResult({ a: [0.3, 0.5], b: [0.9], c: [0.2] });

  it('stacks the tags of a group largest first, the rest last, whatever the other groups do', () => {
    const [first] = compositionOf(result, wide);
    expect(first?.parts.map((part) => part.key)).toEqual(['a-tag-1', 'a-tag-0', 'other']);
    const values = seriesOf(result).map((each) =>
      each.data.map((item) => (item as { value: number } | null)?.value ?? null),
    );
    expect(values).toHaveLength(3);
    // The one tag of c, 0.2, stands before the rest, 0.8.
    expect(values[0]).toEqual([0.5, 0.9, 0.2]);
    expect(values[2]?.[2]).toBeNull();
  });

  it('stands in panels of so many groups, on a phone in one row a group', () => {
    const six = compositionResult(Object.fromEntries([...'abcdefgh'].map((key) => [key, [0.4, 0.3]])));
    expect(chartOption(six, wide).grid).toHaveLength(2);
    expect(chartOption({ ...six, chart: { ...six.chart, groupsPerPanel: 3 } }, wide).grid).toHaveLength(3);
    expect(chartOption(six, narrow).yAxis).toMatchObject({ type: 'category' });
    expect(chartHeight(six, narrow)).toBeGreaterThan(8 * 40);
  });

  it('tells all tags of a group under the pointer, with the evidence', () => {
    const html = tooltip(result, [{ seriesId: '0-1', dataIndex: 0 }]);
    expect([...html.matchAll(/(\d+\.\d)%/g)].map((match) => match[1])).toEqual(['50.0', '30.0', '20.0']);
    expect(html).toContain('30 labelled generations');
  });

  it('writes readable labels on every tint', () => {
    for (const theme of ['light', 'dark'] as const)
      for (const column of compositionOf(result, { ...wide, theme }))
        for (const part of column.parts) expect(contrast(part.color, inkOn(part.color))).toBeGreaterThan(4.5);
  });
});

describe('a scatter', () => {
  const dots = [
    { name: 'cheap', x: 0.1, y: 1e12, group: 'open' },
    { name: 'dear', x: 30, y: 1e8, group: 'closed' },
    { name: 'free', x: 0, y: 1e9, group: 'open' },
    { name: 'unknown', x: null, y: 1e9, group: 'open' },
  ];

  it('draws a dot for each row that has a place on logarithmic axes', () => {
    const drawn = seriesOf(scatterResult(dots)).flatMap((each) => each.data as number[][]);
    expect(drawn).toHaveLength(2);
    expect(drawn[0]?.[0]).toBeCloseTo(-1); // log10 of $0.1
    expect(drawn[0]?.[1]).toBeCloseTo(12);
  });

  it('draws every dot so that it can be seen, also those of a pale group', () => {
    const color = { light: '#eeeeee', dark: '#222222' };
    const result = scatterResult(dots, { groups: [{ key: 'open', label: 'Open', color }] });
    for (const [theme, paper] of [
      ['light', '#ffffff'],
      ['dark', '#1a1c20'],
    ] as const)
      for (const point of pointsOf(result, { ...wide, theme }).points)
        expect(contrast(point.color, paper)).toBeGreaterThan(2.3);
  });

  it('has ticks at powers of ten, between them only where they are few', () => {
    const wideScale = logScale([0.01, 100]);
    expect(logTicks(wideScale, 800, 50)).toEqual([-2, -1, 0, 1, 2]);
    expect(logTicks(logScale([1e-6, 1e6]), 200, 50).every(Number.isInteger)).toBe(true);
    expect(logTicks(logScale([1, 1]), 800, 50).length).toBeGreaterThan(2);
  });

  it('writes medians, quadrants and the equation with R² and n', () => {
    const chart = {
      type: 'scatter' as const,
      scatter: {
        x: 'usd_per_million' as const,
        y: 'tokens' as const,
        regression: true,
        quadrants: ['top-left', 'top-right', 'low-left', 'low-right'] as [string, string, string, string],
      },
    };
    const facts = { median_x: 0.73, median_y: 2e10, slope: -0.0512, intercept: 9.41, r2: 0.02, n: 311 };
    const said = texts(scatterResult(dots, { chart, facts }));
    expect(said).toContain('median $0.73');
    expect(said).toContain('median 20B');
    expect(said).toContain('log₁₀ y = 9.41 − 0.05 · log₁₀ x   R² = 0.02   n = 311');
    expect(said).toEqual(expect.arrayContaining(['top left', 'low right']));
  });

  it('computes R² of the line from the dots where the facts do not say it', () => {
    const exact = [1, 10, 100].map((x) => ({ name: `${x}`, x, y: 1000 / x }));
    const chart = {
      type: 'scatter' as const,
      scatter: { x: 'usd' as const, y: 'tokens' as const, regression: true },
    };
    const said = texts(scatterResult(exact, { chart, facts: { slope: -1, intercept: 3 } }));
    expect(said).toContain('log₁₀ y = 3.00 − 1.00 · log₁₀ x   R² = 1.00   n = 3');
  });

  it('tells name, price and tokens under the pointer, escaped', () => {
    const html = tooltip(scatterResult([{ name: '<b>x</b>', x: 0.147, y: 5e9 }]), { value: [0, 0, 0] });
    expect(html).toContain('&lt;b&gt;x');
    expect(html).toContain('$0.147');
    expect(html).toContain('5B');
  });
});

describe('cohorts', () => {
  it('begin at 100 %, end where their months end, and grow paler with lateness', () => {
    const all = cohortsOf(
      cohortsResult([100, 50, 20], () => 0.4),
      wide,
    );
    expect(all.map((each) => each.values)).toEqual([
      [1, 0.4, 0.4],
      [1, 0.4, null],
      [1, null, null],
    ]);
    const light = all.map((each) => contrast(each.color, '#ffffff'));
    expect(light).toEqual([...light].sort((a, b) => b - a));
    const dark = cohortsOf(cohortsResult([9, 9, 9]), { ...wide, theme: 'dark' });
    const onDark = dark.map((each) => contrast(each.color, '#1a1c20'));
    expect(onDark).toEqual([...onDark].sort((a, b) => b - a));
  });

  it('of fewer than five accounts are dotted, and the tooltip says of how many', () => {
    const result = cohortsResult([100, 4]);
    const drawn = seriesOf(result);
    expect(drawn.find((each) => each.id === '2025-01-01')?.lineStyle?.type).toBe('solid');
    expect(drawn.find((each) => each.id === '2025-02-01')?.lineStyle?.type).not.toBe('solid');
    expect(tooltip(result, [{ dataIndex: 1 }])).toContain('50 of 100');
    expect(tooltip(result, [{ dataIndex: 0 }])).toContain('4 of 4');
    expect(tooltip(result, [{ dataIndex: 9 }])).toBe('');
  });

  it('carry their month and size at their ends', () => {
    expect(texts(cohortsResult([120, 80, 60]))).toEqual(
      expect.arrayContaining(['Jan 2025 (120)', 'Feb 2025 (80)']),
    );
  });
});

describe('panels', () => {
  it('are results of their own with their rows, their series and all periods', () => {
    const whole = panelsResult(['x', 'y'], { series: ['a', 'b'] });
    whole.rows = whole.rows.filter((row) => !(row.panel === 'y' && row.series === 'b'));
    const [x, y] = panelResults(whole);
    expect(x?.title).toBe('Panel x');
    expect(x?.series.map((each) => each.key)).toEqual(['a', 'b']);
    expect(y?.series.map((each) => each.key)).toEqual(['a']);
    expect(y?.periods).toEqual(whole.periods);
    expect(y?.rows.every((row) => row.panel === 'y')).toBe(true);
  });

  it('begin together with the first value that any of them has', () => {
    const late = panelsResult(['x', 'y'], { value: (_, p) => (p < 4 ? null : 0.5) });
    late.rows = late.rows.filter((row) => !(row.panel === 'y' && row.period === week(4)));
    for (const panel of panelResults(late)) expect(panel.periods[0]?.period).toBe(week(4));
  });

  it('need legends of their own where one colour would mean two things', () => {
    const shared = panelsResult(['x', 'y']);
    expect(ownLegends(shared)).toBe(false);
    const color = { light: '#111111', dark: '#eeeeee' };
    shared.series = shared.series.map((each) => ({ ...each, color }));
    expect(ownLegends(shared)).toBe(true);
  });

  it('of cohorts are models, and a result without panels is its own', () => {
    const result = cohortsResult([10], undefined, { panels: [{ key: 'a/b', label: 'B' }] });
    expect(panelResults(result)[0]?.rows).toHaveLength(1);
    const plain = seriesResult();
    expect(panelResults(plain)).toEqual([plain]);
  });

  it('stand in one column on a phone and in two or three elsewhere', () => {
    const six = panelsResult([...'abcdef']);
    expect([340, 700, 900].map((width) => panelColumns(six, width))).toEqual([1, 2, 3]);
    expect(panelColumns(panelsResult([...'abcd']), 900)).toBe(2);
  });
});

it('columns that are whole reach 100 % and name no total', () => {
  const result = seriesResult({ type: 'stacked-columns' });
  result.chart.whole = true;
  expect(chartOption(result, wide).yAxis).toMatchObject({ max: 1 });
  expect(tooltip(result, [{ dataIndex: 1 }])).not.toContain('Total');
});

it('lines have a band where rows say low and high, and the tooltip tells it', () => {
  const result = seriesResult({ type: 'lines', series: ['a'] });
  expect(seriesOf(result)).toHaveLength(1);
  for (const row of result.rows) Object.assign(row, { low: 0.4, high: 0.65 });
  const [low, high] = seriesOf(result);
  expect(low?.stack).toBe(high?.stack);
  expect(low?.data[3]).toBe(0.4);
  expect(high?.data[3]).toBeCloseTo(0.25);
  expect(tooltip(result, [{ dataIndex: 3 }])).toContain('(40.0%–65.0%)');
});

it('a drawn table says a repeated name once and how many rows are left out', () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ segment: i < 25 ? 'giants' : 'tail', price: i }));
  const said = texts(tableResult(rows));
  expect(said.filter((text) => text === 'giants')).toHaveLength(1);
  expect(said).toContain('+ 10 more in the table');
});
