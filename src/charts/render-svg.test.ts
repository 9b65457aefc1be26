import { describe, expect, it } from 'vitest';
import type { ExhibitResult } from '../exhibits/contract.ts';
import { pictureHeight, renderSvg } from './render-svg.ts';
import {
  barsResult,
  cohortsResult,
  compositionResult,
  panelsResult,
  scatterResult,
  seriesResult,
  tableResult,
} from './result.fixture.ts';

const HOSTILE = '<script>alert("x")</script>&<img src=x onerror=alert(1)> \u0007 '.repeat(8);
const many = Array.from({ length: 60 }, (_, i) => `model-${i}`);
const bars = [
  { name: 'DeepSeek', tokens: 14e12 },
  { name: 'Qwen', tokens: 5e12 },
];

const dots = many.map((name, i) => ({
  name,
  x: 0.02 * (i + 1),
  y: 1e9 / (i + 1),
  group: i % 2 ? 'open' : 'closed',
}));

const RESULTS: Record<string, ExhibitResult> = {
  'stacked-area': seriesResult({ unknown: true, partial: [0, 11] }),
  'stacked-columns': seriesResult({ type: 'stacked-columns', unit: 'tokens', value: (s, p) => s * p * 1e9 }),
  lines: seriesResult({ type: 'lines', unit: 'tokens_per_request', value: (s, p) => 1000 + s * p }),
  bars: barsResult(bars),
  composition: compositionResult({ a: [0.5, 0.2, 0.1], b: [0.7] }),
  scatter: scatterResult(dots, { facts: { median_x: 2, median_y: 3e9 } }),
  cohorts: cohortsResult([300, 200, 90, 3]),
  table: tableResult([{ name: 'a', tokens: 5 }]),
  'panels of areas': panelsResult([...'abcdef'], { unknown: true, partial: [11] }),
  'panels of cohorts': cohortsResult([9, 8], undefined, {
    panels: [
      { key: 'a/b', label: 'B' },
      { key: 'none', label: 'N' },
    ],
  }),
};

const EXTREMES: Record<string, ExhibitResult> = {
  'one period, one series': seriesResult({ periods: 1, series: ['all'] }),
  'one period of lines': seriesResult({ type: 'lines', periods: 1, series: ['all'] }),
  'sixty series': seriesResult({ series: many, periods: 60 }),
  'sixty series of lines': seriesResult({ type: 'lines', series: many }),
  'all zero': seriesResult({ value: () => 0 }),
  'all zero in columns': seriesResult({ type: 'stacked-columns', unit: 'tokens', value: () => 0 }),
  'gaps of null': seriesResult({ value: (_, p) => (p % 3 === 0 ? null : 0.5) }),
  'gaps in lines': seriesResult({ type: 'lines', value: (_, p) => (p % 2 === 0 ? null : 0.5) }),
  'nothing at all': seriesResult({ periods: 0 }),
  'series without periods': seriesResult({ periods: 5, value: () => null }),
  'bars of nothing': barsResult([{ name: null, tokens: null }]),
  'a hundred bars': barsResult(many.map((name) => ({ name, tokens: 1 }))),
  'a composition of nothing': compositionResult({}),
  'a composition of one': compositionResult({ a: [1] }),
  'thirty groups': compositionResult(Object.fromEntries(many.slice(0, 30).map((key) => [key, [0.3, 0.2]]))),
  'one dot': scatterResult([{ name: 'a', x: 1, y: 1 }]),
  'dots of nothing': scatterResult([{ name: 'a', x: 0, y: null }]),
  'dots on one spot': scatterResult(many.map((name) => ({ name, x: 3, y: 7e9 }))),
  'a cohort of one month': cohortsResult([7]),
  'forty cohorts': cohortsResult(Array.from({ length: 40 }, (_, i) => 50 - i)),
  'a table of nothing': tableResult([{ name: null, tokens: null }]),
  'one panel': panelsResult(['a']),
  'panels without rows': panelsResult(['a', 'b'], { value: () => null }),
  'releases out of range': seriesResult({ releases: [{ date: '2031-01-01', label: 'later' }] }),
};

describe('an exhibit as SVG', () => {
  for (const [name, result] of Object.entries(RESULTS))
    for (const theme of ['light', 'dark'] as const)
      for (const lang of ['en', 'zh'] as const)
        it(`draws ${name} ${theme} ${lang}`, () => {
          const svg = renderSvg(result, { theme, lang, width: 960, height: 520 });
          expect(svg).toMatch(/^<svg .*<\/svg>$/s);
          expect(svg).toContain('Open and closed models');
          expect(svg).toContain(lang === 'en' ? 'Dataset “test”' : '数据集“test”');
          expect(svg).toContain('Noto Sans CJK SC');
          expect(svg).not.toContain('NaN');
        });

  for (const [name, result] of Object.entries(EXTREMES))
    for (const width of [320, 960])
      it(`survives ${name} at ${width} pixels`, () => {
        const svg = renderSvg(result, { theme: 'light', lang: 'en', width, height: 420 });
        expect(svg).toMatch(/^<svg .*<\/svg>$/s);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      });

  it('says that the data is simulated, or that a field is lacking', () => {
    const context = { theme: 'light', lang: 'en', width: 960, height: 520 } as const;
    for (const result of Object.values(RESULTS)) {
      expect(renderSvg({ ...result, simulated: true, calibrated: true }, context)).toMatch(
        /Simulated data, calibrated to the study.{1,6}s published figures/,
      );
      const own = renderSvg({ ...result, simulated: true }, context);
      expect(own).toContain('Simulated data');
      expect(own).not.toContain('calibrated');
    }
    const lacking = [{ field: 'finishReason', sentence: 'No finish reasons here.' }];
    expect(renderSvg(seriesResult({ over: { lacking, rows: [] } }), context)).toContain(
      'No finish reasons here.',
    );
  });

  it('says which part of the traffic it is of', () => {
    const result = seriesResult();
    const filters = {
      ...result.provenance.filters,
      ...{
        from: '2025-05-01',
        to: '2025-06-15',
        where: { region: ['asia', 'Europe'], app: ['x < y'], category: ['constructor'] },
      },
    };
    const narrowed = { ...result, provenance: { ...result.provenance, filters } };
    const drawn = (lang: 'en' | 'zh') =>
      renderSvg(narrowed, { theme: 'light', lang, width: 1200, height: 520 });
    expect(drawn('en')).toContain('days chosen: 1 May 2025 – 15 Jun 2025');
    expect(drawn('en')).toContain('only World region: Asia or Europe; App: x &lt; y; Category: constructor');
    expect(drawn('zh')).toContain('仅限世界地区：亚洲或欧洲；应用：x &lt; y；类别：constructor');
    expect(renderSvg(result, { theme: 'light', lang: 'en', width: 1200, height: 520 })).not.toMatch(
      /only|chosen/,
    );
  });

  it('is as tall as its content asks for, and has one picture in the picture for each panel', () => {
    const six = panelsResult([...'abcdef']);
    const two = panelsResult(['a', 'b']);
    expect(pictureHeight(six, 960)).toBeGreaterThan(pictureHeight(two, 960));
    expect(pictureHeight(six, 390)).toBeGreaterThan(pictureHeight(six, 960));
    const svg = renderSvg(six, { theme: 'light', lang: 'en', width: 960 });
    expect(svg).toContain(`height="${pictureHeight(six, 960)}"`);
    expect(svg.match(/<svg /g)).toHaveLength(7);
    for (const each of six.panels) expect(svg).toContain(each.label);
    expect(svg.match(/Series closed/g)).toHaveLength(1); // one legend for all
  });

  it('makes the same bytes of the same rows', () => {
    for (const result of Object.values(RESULTS)) {
      const draw = () => renderSvg(result, { theme: 'dark', lang: 'zh', width: 960 });
      expect(draw()).toBe(draw());
    }
  });

  it('lets no label become markup', () => {
    const series = [{ key: 'x', label: HOSTILE, color: { light: '#111111', dark: '#eeeeee' } }];
    const over = { series, title: HOSTILE, subtitle: HOSTILE, statement: HOSTILE, dataset: HOSTILE };
    const releases = [{ date: '2024-12-01', label: HOSTILE }];
    const results = [
      seriesResult({ series: ['x'], releases, over }),
      seriesResult({ type: 'lines', series: ['x'], releases, over }),
      barsResult([{ name: HOSTILE, tokens: 3 }], { title: HOSTILE }),
      compositionResult({ [HOSTILE]: [0.8] }),
      scatterResult([{ name: HOSTILE, x: 1, y: 2, group: HOSTILE }]),
      tableResult([{ name: HOSTILE }]),
      panelsResult([HOSTILE, 'b']),
    ];
    for (const result of results) {
      const svg = renderSvg(result, { theme: 'light', lang: 'en', width: 700, height: 420 });
      expect(svg).not.toMatch(/<script|<img/i);
      expect(svg).not.toContain('\u0007');
    }
  });
});
