import { expect, it } from 'vitest';
import { scatterResult } from './result.fixture.ts';
import { pointsOf, scatterPlot } from './scatter-layout.ts';
import { scatterLines } from './scatter-lines.ts';

/** Names of quadrants, and dots in the corner where the first would stand. */
const names = ['cheap-used', 'dear-used', 'cheap-rare', 'dear-rare'] as const;
const context = { theme: 'light', lang: 'en', width: 358 } as const;

it.each([
  ['one dot', [[0.1, 9e9]]],
  ['a row of dots', [0.1, 0.13, 0.17].map((x) => [x, 9e9])],
  ['a dot below', [[0.12, 7e9]]],
])('a quadrant’s name keeps away from %s in its corner on a phone', (_, corner) => {
  const dots = [...corner, [1, 1e9], [10, 1e8], [9, 2e8]].map(([x, y], i) => ({
    name: `m${i}`,
    x: x as number,
    y: y as number,
  }));
  const result = scatterResult(dots, { facts: { median_x: 1, median_y: 1e9 } });
  result.chart = { type: 'scatter', scatter: { x: 'usd_per_million', y: 'tokens', quadrants: names } };
  const { points } = pointsOf(result, context);
  const plot = scatterPlot(result, points, context, 0);
  const places = scatterLines(result, points, plot, context).reserved.slice(0, names.length);
  for (const place of places)
    for (const { x, y, radius } of points) {
      const apart =
        x + radius <= place.left ||
        x - radius >= place.right ||
        y + radius <= place.top ||
        y - radius >= place.bottom;
      expect(apart, `dot at ${x}, ${y}; name at ${JSON.stringify(place)}`).toBe(true);
    }
  const [topLeft] = places;
  expect(topLeft?.bottom).toBeLessThan((plot.box.top + plot.box.bottom) / 2);
});
