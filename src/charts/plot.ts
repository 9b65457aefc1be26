/** Where the plot lies: fixed margins, so that every label's place can be computed before drawing. */
import type { ExhibitResult, Unit } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import { type LegendBox, legendBox } from './legend.ts';
import type { Drawn } from './pivot.ts';
import { type PlacedRelease, placeReleases, releaseHeight } from './releases.ts';

export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  width: number;
  legend: LegendBox | null;
  releases: PlacedRelease[];
}

export function plotOf(result: ExhibitResult, drawn: Drawn[], context: ChartContext, columns: boolean): Plot {
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const left = leftMargin(result.unit, context);
  const right = isNarrow(context) ? 12 : 20;
  const width = Math.max(40, context.width - left - right);
  const legend = context.legend === false ? null : legendBox(drawn, context, insets.top);
  const releases = result.chart.annotateReleases ? placeReleases(result, { left, width, columns }) : [];
  const top = insets.top + (legend ? legend.height + 10 : 0) + 12 + releaseHeight(releases);
  return { left, right, top, bottom: insets.bottom + 42, width, legend, releases };
}

/** 1,500万 is wider than 15M. */
function leftMargin(unit: Unit, context: ChartContext): number {
  if (unit === 'share') return 46;
  return context.lang === 'zh' ? 60 : 50;
}
