import { describe, expect, it } from 'vitest';
import type { ExhibitResult } from '../exhibits/contract.ts';
import { renderSvg } from './render-svg.ts';
import { barsResult, seriesResult } from './result.fixture.ts';

const HOSTILE = '<script>alert("x")</script>&<img src=x onerror=alert(1)> \u0007 '.repeat(8);
const many = Array.from({ length: 60 }, (_, i) => `model-${i}`);
const bars = [
  { name: 'DeepSeek', tokens: 14e12 },
  { name: 'Qwen', tokens: 5e12 },
];

const RESULTS: Record<string, ExhibitResult> = {
  'stacked-area': seriesResult({ unknown: true, partial: [0, 11] }),
  'stacked-columns': seriesResult({ type: 'stacked-columns', unit: 'tokens', value: (s, p) => s * p * 1e9 }),
  lines: seriesResult({ type: 'lines', unit: 'tokens_per_request', value: (s, p) => 1000 + s * p }),
  bars: barsResult(bars),
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
    expect(renderSvg(seriesResult({ over: { simulated: true } }), context)).toContain('Simulated data');
    const lacking = [{ field: 'finishReason', sentence: 'No finish reasons here.' }];
    expect(renderSvg(seriesResult({ over: { lacking, rows: [] } }), context)).toContain(
      'No finish reasons here.',
    );
  });

  it('makes the same bytes of the same rows', () => {
    const draw = () =>
      renderSvg(seriesResult({ unknown: true }), { theme: 'dark', lang: 'zh', width: 960, height: 520 });
    expect(draw()).toBe(draw());
  });

  it('lets no label become markup', () => {
    const series = [{ key: 'x', label: HOSTILE, color: { light: '#111111', dark: '#eeeeee' } }];
    const over = { series, title: HOSTILE, subtitle: HOSTILE, statement: HOSTILE, dataset: HOSTILE };
    const releases = [{ date: '2024-12-01', label: HOSTILE }];
    const results = [
      seriesResult({ series: ['x'], releases, over }),
      seriesResult({ type: 'lines', series: ['x'], releases, over }),
      barsResult([{ name: HOSTILE, tokens: 3 }], { title: HOSTILE }),
    ];
    for (const result of results) {
      const svg = renderSvg(result, { theme: 'light', lang: 'en', width: 700, height: 420 });
      expect(svg).not.toMatch(/<script|<img/i);
      expect(svg).not.toContain('\u0007');
    }
  });
});
