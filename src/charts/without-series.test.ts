import { expect, it } from 'vitest';
import { renderSvg } from './render-svg.ts';
import { panelsResult, scatterResult, seriesResult } from './result.fixture.ts';
import { withoutSeries } from './without-series.ts';

const context = { theme: 'light', lang: 'en', width: 960 } as const;

it('a picture leaves out what its reader hid, and says so', () => {
  const whole = seriesResult({ series: ['closed', 'open', 'unsure'] });
  const svg = renderSvg(withoutSeries(whole, ['open', 'nothing']), context);
  expect(renderSvg(whole, context)).not.toContain('not drawn');
  expect(svg).toContain('not drawn: Series open');
  expect(svg.match(/Series open/g)).toHaveLength(1);
  expect(svg).toContain('Series closed');
});

it('what is left keeps its values', () => {
  const whole = seriesResult({ series: ['closed', 'open'] });
  const { rows } = withoutSeries(whole, ['open']);
  expect(rows).toEqual(whole.rows.filter((row) => row.series === 'closed'));
});

it('nothing hidden changes nothing', () => {
  const whole = seriesResult();
  expect(withoutSeries(whole, [])).toBe(whole);
  expect(withoutSeries(whole, ['__proto__'])).toBe(whole);
  expect(withoutSeries(whole, ['closed', 'open'])).toBe(whole);
});

it('hides in every panel', () => {
  const panels = panelsResult(['x', 'y'], { periods: 2 });
  const [first] = panels.series;
  const { rows } = withoutSeries(panels, [first?.key ?? '']);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.some((row) => row.series === first?.key)).toBe(false);
  expect(new Set(rows.map((row) => row.panel))).toEqual(new Set(['x', 'y']));
});

it('hides groups of dots', () => {
  const whole = scatterResult([
    { name: 'a', x: 1, y: 10, group: 'open' },
    { name: 'b', x: 2, y: 20, group: 'closed' },
    { name: 'c', x: 3, y: 30, group: 'closed' },
  ]);
  const { rows, groups } = withoutSeries(whole, ['open']);
  expect(rows.length).toBeGreaterThan(0);
  expect([...rows.map((row) => row.group), ...groups.map((group) => group.key)]).not.toContain('open');
});
