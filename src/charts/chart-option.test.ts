import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExhibitResult } from '../exhibits/contract.ts';
import { chartOption } from './chart-option.ts';
import type { ChartContext } from './context.ts';
import { formatPeriod, formatTick, formatValue } from './format.ts';
import { periodTicks } from './period-axis.ts';
import { placeReleases } from './releases.ts';
import { barsResult, seriesResult, week } from './result.fixture.ts';
import { textWidth } from './text-width.ts';

const context: ChartContext = { theme: 'light', lang: 'en', width: 900 };

interface Drawn {
  id: string;
  type: string;
  data: unknown[];
  itemStyle?: { decal?: unknown };
}
const seriesOf = (result: ExhibitResult) => chartOption(result, context).series as Drawn[];

function tooltipAt(result: ExhibitResult, dataIndex: number): string {
  const tooltip = chartOption(result, context).tooltip as { formatter: (params: unknown) => string };
  return tooltip.formatter(result.chart.type === 'bars' ? { dataIndex } : [{ dataIndex }]);
}

describe('a chart over periods', () => {
  it('keeps a period without rows as a gap and fills a missing series with zero elsewhere', () => {
    const value = (s: number, p: number) => (p === 4 ? null : s === 1 && p === 2 ? null : 0.5);
    const [closed, open] = seriesOf(seriesResult({ value }));
    expect(closed?.data[4]).toBeNull();
    expect(open?.data[4]).toBeNull();
    expect(open?.data[2]).toBe(0);
    const [, line] = seriesOf(seriesResult({ type: 'lines', value }));
    expect(line?.data[2]).toBeNull();
  });

  it('puts the unknown last, grey and hatched', () => {
    const result = seriesResult({ unknown: true });
    result.series.reverse();
    const last = seriesOf(result).at(-1);
    expect(last?.id).toBe('unknown');
    expect(last?.itemStyle?.decal).toBeTruthy();
  });

  it('draws columns where a period stands alone, since an area would be invisible', () => {
    expect(seriesOf(seriesResult({ periods: 1 }))[0]?.type).toBe('bar');
    expect(seriesOf(seriesResult({ value: (_, p) => (p % 2 ? 0.5 : null) }))[0]?.type).toBe('bar');
    expect(seriesOf(seriesResult())[0]?.type).toBe('line');
  });

  it('ignores rows outside its periods and keeps series that only rows know', () => {
    const result = seriesResult();
    result.rows.push({ period: '1999-01-04', series: 'closed', value: 9, requests: 1, partial: false });
    result.rows.push({ period: week(1), series: 'surprise', value: 0.1, requests: 1, partial: false });
    const series = seriesOf(result);
    expect(series.map((each) => each.id)).toEqual(['closed', 'open', 'surprise']);
    expect(series.flatMap((each) => each.data)).not.toContain(9);
  });
});

describe('a tooltip', () => {
  it('lists every series, largest first, with the total of amounts', () => {
    const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
    const html = tooltipAt(
      seriesResult({ type: 'stacked-columns', unit: 'tokens', series: names, value: (s) => (s + 1) * 1e9 }),
      3,
    );
    const order = [...html.matchAll(/Series m(\d+)/g)].map((match) => Number(match[1]));
    expect(order).toEqual(names.map((_, i) => 59 - i));
    expect(html).toContain('Total');
    expect(html).toContain('1.83T'); // 1 + 2 + … + 60 = 1830 billion
  });

  it('marks a partial period and a period without data', () => {
    const result = seriesResult({ partial: [2], value: (_, p) => (p === 5 ? null : 0.5) });
    expect(tooltipAt(result, 2)).toContain('partial');
    expect(tooltipAt(result, 3)).not.toContain('partial');
    expect(tooltipAt(result, 5)).toContain('No data');
    expect(tooltipAt(result, 99)).toBe('');
  });

  it('escapes whatever a log called its models', () => {
    const label = '"><script>alert(1)</script>';
    const color = { light: 'red;background:url(x)', dark: '#000000' };
    const result = seriesResult({ series: ['a'], over: { series: [{ key: 'a', label, color }] } });
    for (const html of [tooltipAt(result, 1), tooltipAt(barsResult([{ name: label, tokens: 2 }]), 0)]) {
      expect(html).not.toContain('<script');
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toContain('url(');
    }
  });
});

describe('labels', () => {
  it('never meet, wherever releases fall and however narrow the chart is', () => {
    const release = fc.record({
      date: fc.integer({ min: 0, max: 389 }).map((day) => isoDay(day)),
      label: fc.string({ minLength: 1, maxLength: 24 }),
    });
    fc.assert(
      fc.property(
        fc.array(release, { maxLength: 9 }),
        fc.integer({ min: 260, max: 1200 }),
        (releases, width) => {
          const placed = placeReleases(seriesResult({ periods: 56, releases }), {
            left: 50,
            width,
            columns: false,
          }).filter((each) => each.lane !== null);
          for (const a of placed)
            for (const b of placed)
              if (a !== b && a.lane === b.lane) {
                const [first, second] = a.x < b.x ? [a, b] : [b, a];
                const end = first.side === 'right' ? first.x + textWidth(first.text, 11) : first.x;
                const start = second.side === 'left' ? second.x - textWidth(second.text, 11) : second.x;
                expect(end).toBeLessThanOrEqual(start + 2);
              }
        },
      ),
    );
  });

  it('of periods keep their distance and carry each year once', () => {
    const periods = Array.from({ length: 110 }, (_, i) => week(i));
    for (const width of [240, 500, 1100]) {
      const ticks = periodTicks(periods, 'week', 'en', width);
      const at = [...ticks.keys()];
      for (let i = 1; i < at.length; i++)
        expect((((at[i] ?? 0) - (at[i - 1] ?? 0)) * width) / periods.length).toBeGreaterThan(30);
      const years = [...ticks.values()].filter((label) => label.includes('\n'));
      expect(new Set(years.map((label) => label.split('\n')[1])).size).toBe(years.length);
    }
  });

  it('write numbers as the language does', () => {
    expect(formatValue(14.37e12, 'tokens', 'en')).toBe('14.37T');
    expect(formatValue(14.37e12, 'tokens', 'zh')).toBe('14.37万亿');
    expect(formatValue(0.1234, 'share', 'en')).toBe('12.3%');
    expect(formatValue(0.00042, 'share', 'en')).toBe('0.04%');
    expect(formatValue(5432.1, 'tokens_per_request', 'en')).toBe('5,432');
    expect(formatValue(0.147, 'usd_per_million', 'en')).toBe('$0.147');
    expect(formatValue(null, 'share', 'en')).toBe('–');
    expect(formatTick(6000, 'tokens_per_request', 'en')).toBe('6K');
    // The same price in a cell and in the sentence above it.
    expect(formatValue(2.499, 'usd_per_million', 'en')).toBe('$2.50');
    expect(formatValue(0.0554, 'usd_per_million', 'en')).toBe('$0.055');
    expect(formatPeriod('2024-12-30', 'week', 'en')).toMatch(/30 Dec 2024\s–\s5 Jan 2025/);
    expect(formatPeriod('2024-11-01', 'month', 'zh')).toBe('2024年11月');
  });
});

function isoDay(day: number): string {
  return new Date(Date.UTC(2024, 10, 4) + day * 86_400_000).toISOString().slice(0, 10);
}
