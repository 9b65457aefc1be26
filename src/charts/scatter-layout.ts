/** Where the dots of a scatter stand, how large they are, and where their names go. */
import type { ExhibitResult, SeriesInfo } from '../exhibits/contract.ts';
import { visibleOn } from './color.ts';
import { type ChartContext, isNarrow } from './context.ts';
import { type LogScale, logScale } from './log-scale.ts';
import { type Box, type PlacedLabel, placeLabels } from './place-labels.ts';
import { fitText, textWidth } from './text-width.ts';
import { INKS } from './theme.ts';

export interface Point {
  name: string;
  /** The name as drawn: cut where it is very long. */
  text: string;
  group: string;
  groupLabel: string;
  color: string;
  valueX: number;
  valueY: number;
  /** Exponents of ten. */
  lx: number;
  ly: number;
  /** Pixels; known once the plot is. */
  x: number;
  y: number;
  radius: number;
}

export interface ScatterPlot {
  box: Box;
  x: LogScale;
  y: LogScale;
  font: number;
}

/** Rows with both values above zero: nothing else has a place on logarithmic axes. */
export function pointsOf(
  result: ExhibitResult,
  context: ChartContext,
): { points: Point[]; groups: SeriesInfo[] } {
  const ink = INKS[context.theme];
  const seen = (each: SeriesInfo): SeriesInfo['color'] => ({
    light: visibleOn(each.color.light, INKS.light.paper, INKS.light.text),
    dark: visibleOn(each.color.dark, INKS.dark.paper, INKS.dark.text),
  });
  const known = new Map(result.groups.map((each) => [each.key, { ...each, color: seen(each) }]));
  const accent = { light: INKS.light.accent, dark: INKS.dark.accent };
  const points: Point[] = [];
  for (const row of result.rows) {
    const { x, y } = row;
    if (typeof x !== 'number' || typeof y !== 'number' || !(x > 0) || !(y > 0)) continue;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const group = String(row.group ?? '');
    const info = known.get(group);
    if (!info) known.set(group, { key: group, label: group, color: accent });
    const color = info?.unknown ? ink.unknown : (info ?? { color: accent }).color[context.theme];
    const name = row.name === null || row.name === undefined ? '–' : String(row.name);
    const text = fitText(name, 11, result.rows.length > 40 ? 150 : 220);
    points.push({
      name,
      text,
      group,
      groupLabel: info?.label ?? group,
      color,
      valueX: x,
      valueY: y,
      lx: Math.log10(x),
      ly: Math.log10(y),
      x: 0,
      y: 0,
      radius: 0,
    });
  }
  const occurring = new Set(points.map((point) => point.group));
  return { points, groups: [...known.values()].filter((each) => occurring.has(each.key)) };
}

/** Groups that a legend must name: none where each dot is a group of its own and carries its name. */
export const legendGroups = (points: readonly Point[], groups: SeriesInfo[]): SeriesInfo[] =>
  groups.length > 1 && groups.length < points.length ? groups : [];

const BOTTOM = 46;

/** Lays out the plot and sets every point's place in it. `above`: pixels of the legend. */
export function scatterPlot(
  result: ExhibitResult,
  points: Point[],
  context: ChartContext,
  above: number,
): ScatterPlot {
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const narrow = isNarrow(context);
  const equation =
    result.chart.scatter?.regression && typeof result.facts.slope === 'number' ? (narrow ? 34 : 20) : 0;
  const top = insets.top + above + 26 + equation;
  const height = context.height ?? scatterHeight(context) + insets.top + insets.bottom + above;
  const box = {
    left: context.lang === 'zh' ? 62 : 50,
    right: context.width - (narrow ? 10 : 18),
    top,
    bottom: Math.max(top + 60, height - insets.bottom - BOTTOM),
  };
  const medians = ['x', 'y'].map((name) => result.facts[`median_${name}`]);
  const shown = (values: number[], median: unknown) =>
    logScale(typeof median === 'number' ? [...values, median] : values);
  const x = shown(
    points.map((point) => point.valueX),
    medians[0],
  );
  const y = shown(
    points.map((point) => point.valueY),
    medians[1],
  );
  const radius = (points.length > 150 ? 3 : points.length > 40 ? 4 : 5.5) + (narrow ? -0.5 : 0.5);
  for (const point of points) {
    point.x = box.left + ((point.lx - x.min) / (x.max - x.min)) * (box.right - box.left);
    point.y = box.bottom - ((point.ly - y.min) / (y.max - y.min)) * (box.bottom - box.top);
    point.radius = radius;
  }
  return { box, x, y, font: narrow ? 10.5 : 11 };
}

export const scatterHeight = (context: ChartContext): number => (isNarrow(context) ? 420 : 520);

/** A name for every dot that has room for one, the most used first. */
export function dotLabels(
  points: Point[],
  plot: ScatterPlot,
  context: ChartContext,
  reserved: readonly Box[],
): PlacedLabel[] {
  const { box, font } = plot;
  const area = (box.right - box.left) * (box.bottom - box.top);
  const dots = points.map((point) => ({
    x: point.x,
    y: point.y,
    radius: point.radius,
    width: textWidth(point.text, font) * 1.05 + 2,
    height: font + 3,
    weight: point.valueY,
  }));
  const max = Math.max(8, Math.floor(area / (isNarrow(context) ? 4500 : 5200)));
  return placeLabels(dots, { plot: box, reserved, max, leaders: isNarrow(context) ? 14 : 36 });
}
