import type { ExhibitResult, SeriesInfo } from '../exhibits/contract.ts';
import { pivot } from './pivot.ts';
import { legendGroups, pointsOf } from './scatter-layout.ts';

/** What the one legend of a result names; nothing where charts name their parts themselves. */
export function legendSeries(result: ExhibitResult): SeriesInfo[] {
  if (result.chart.type === 'scatter') {
    const { points, groups } = pointsOf(result, { theme: 'light', lang: 'en', width: 800 });
    return legendGroups(points, groups);
  }
  if (result.kind !== 'series') return [];
  const series = pivot(result, false);
  return result.panels.length > 1 && series.length === 1 ? [] : series;
}

/** Whether panels need legends of their own: their series differ, so that a colour means one thing here, another there. */
export function ownLegends(result: ExhibitResult): boolean {
  const colors = legendSeries(result).map((each) => each.color.light);
  return result.panels.length > 1 && new Set(colors).size < colors.length;
}
