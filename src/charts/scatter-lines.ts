/** What stands behind the dots of a scatter: quadrant names, median lines with their values, the regression line. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { formatValue, whole } from './format.ts';
import { type Box, covers } from './place-labels.ts';
import type { Point, ScatterPlot } from './scatter-layout.ts';
import { fitText, textWidth } from './text-width.ts';
import { INKS, type Ink, SANS } from './theme.ts';
import { quadrantName, word } from './words.ts';

type Graphic = Extract<ChartOption['graphic'], unknown[]>;

interface Layer {
  graphic: Graphic;
  /** Where names of dots must not stand. */
  reserved: Box[];
}

export function scatterLines(
  result: ExhibitResult,
  points: readonly Point[],
  plot: ScatterPlot,
  context: ChartContext,
): Layer {
  const ink = INKS[context.theme];
  const layers = [
    quadrants(result, points, plot, context, ink),
    medians(result, points, plot, context, ink),
    regression(result, points, plot, context, ink),
  ];
  return {
    graphic: layers.flatMap((layer) => layer.graphic),
    reserved: layers.flatMap((layer) => layer.reserved),
  };
}

/** How far from its corner a quadrant's name may move where dots stand in the way: lines of it, and parts of its room. */
const STEPS = [0, 1, 2, 3];

function quadrants(
  result: ExhibitResult,
  points: readonly Point[],
  plot: ScatterPlot,
  context: ChartContext,
  ink: Ink,
): Layer {
  const names = result.chart.scatter?.quadrants;
  if (!names) return { graphic: [], reserved: [] };
  const { box } = plot;
  const font = isNarrow(context) ? 11 : 13;
  const middle = medianAt(result, plot);
  const places = names.map((id, i) => {
    const right = i % 2 === 1;
    const low = i > 1;
    const text = fitText(quadrantName(context.lang, id), font, (box.right - box.left) * 0.46);
    const width = textWidth(text, font) * 1.08;
    const { x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2 } = middle;
    const room = Math.max(0, (right ? box.right - x : x - box.left) - width - 16);
    const depth = Math.max(0, (low ? box.bottom - y : y - box.top) - font - 40);
    const places = STEPS.flatMap((down) =>
      STEPS.map((along): Box => {
        const [dx, dy] = [(along / 3) * room, Math.min(depth, down * (font + 7))];
        const top = low ? box.bottom - font - 10 - dy : box.top + 8 + dy;
        const left = right ? box.right - 8 - width - dx : box.left + 8 + dx;
        return { left, right: left + width, top, bottom: top + font + 3 };
      }),
    );
    const met = places.map((place) => points.filter((point) => covers(place, point)).length);
    return { text, right, box: places[met.indexOf(Math.min(...met))] as Box };
  });
  return {
    reserved: places.map((each) => each.box),
    graphic: places.map((each) => ({
      type: 'text',
      z: 0,
      silent: true,
      x: each.right ? each.box.right : each.box.left,
      y: each.box.top,
      style: {
        text: each.text,
        align: each.right ? 'right' : 'left',
        font: `italic 600 ${font}px ${SANS}`,
        fill: ink.muted,
        opacity: 0.85,
      },
    })),
  };
}

/** Where the median lines stand, in pixels. */
function medianAt({ facts }: ExhibitResult, { box, x, y }: ScatterPlot): { x?: number; y?: number } {
  const { median_x: mx, median_y: my } = facts;
  const at = (scale: ScatterPlot['x'], value: number) =>
    (scale.at(value) - scale.min) / (scale.max - scale.min);
  return {
    ...(typeof mx === 'number' && mx > 0 ? { x: box.left + at(x, mx) * (box.right - box.left) } : {}),
    ...(typeof my === 'number' && my > 0 ? { y: box.bottom - at(y, my) * (box.bottom - box.top) } : {}),
  };
}

function medians(
  result: ExhibitResult,
  points: readonly Point[],
  plot: ScatterPlot,
  context: ChartContext,
  ink: Ink,
): Layer {
  const { box } = plot;
  const spec = result.chart.scatter;
  const font = isNarrow(context) ? 10.5 : 11;
  const layer: Layer = { graphic: [], reserved: [] };
  const dash = (x1: number, y1: number, x2: number, y2: number) =>
    layer.graphic.push({
      type: 'line',
      z: 1,
      silent: true,
      shape: { x1, y1, x2, y2 },
      style: { stroke: ink.muted, lineWidth: 1, lineDash: [4, 4] },
    });
  const write = (text: string, x: number, y: number, align: 'center' | 'left' | 'right') =>
    layer.graphic.push({
      type: 'text',
      // Above the dots, whose names keep away from here.
      z: 4,
      silent: true,
      x,
      y,
      style: { text, align, font: `${font}px ${SANS}`, fill: ink.muted, stroke: ink.paper, lineWidth: 2.5 },
    });
  const { median_x: mx, median_y: my } = result.facts;
  const said = (value: number, unit: NonNullable<typeof spec>['x']) =>
    word(context.lang, 'median', { value: formatValue(value, unit, context.lang) });
  const { x, y } = medianAt(result, plot);
  if (spec && x !== undefined) {
    const text = said(Number(mx), spec.x);
    const half = textWidth(text, font) / 2 + 2;
    dash(x, box.top, x, box.bottom);
    write(text, Math.min(box.right - half, Math.max(box.left + half, x)), box.top - font - 5, 'center');
  }
  if (spec && y !== undefined) {
    const text = said(Number(my), spec.y);
    const width = textWidth(text, font) * 1.08 + 8;
    const [top, bottom] = [y - font - 6, y + 1];
    const places = [
      { left: box.right - 6 - width, right: box.right, top, bottom },
      { left: box.left, right: box.left + 6 + width, top, bottom },
    ];
    // At the end of the line where fewer dots stand in the way.
    const hidden = places.map((place) => points.filter((point) => covers(place, point)).length);
    const atLeft = (hidden[1] ?? 0) < (hidden[0] ?? 0);
    dash(box.left, y, box.right, y);
    write(text, atLeft ? box.left + 6 : box.right - 6, y - font - 4, atLeft ? 'left' : 'right');
    layer.reserved.push((atLeft ? places[1] : places[0]) as Box);
  }
  return layer;
}

/** The line of the facts `slope` and `intercept`, cut to the plot, with its equation above. */
function regression(
  result: ExhibitResult,
  points: readonly Point[],
  plot: ScatterPlot,
  context: ChartContext,
  ink: Ink,
): Layer {
  const { slope, intercept } = result.facts;
  if (!result.chart.scatter?.regression || typeof slope !== 'number' || typeof intercept !== 'number')
    return { graphic: [], reserved: [] };
  const { box } = plot;
  const ends = clipped(slope, intercept, plot);
  const toX = (lx: number) =>
    box.left + ((lx - plot.x.min) / (plot.x.max - plot.x.min)) * (box.right - box.left);
  const toY = (ly: number) =>
    box.bottom - ((ly - plot.y.min) / (plot.y.max - plot.y.min)) * (box.bottom - box.top);
  const graphic: Graphic = [];
  if (ends)
    graphic.push({
      type: 'line',
      z: 2,
      silent: true,
      shape: {
        x1: toX(ends[0]),
        y1: toY(slope * ends[0] + intercept),
        x2: toX(ends[1]),
        y2: toY(slope * ends[1] + intercept),
      },
      style: { stroke: ink.text, lineWidth: 1.75, opacity: 0.75 },
    });
  const narrow = isNarrow(context);
  const font = narrow ? 11 : 12;
  const [line, ...fit] = equation(result, points, slope, intercept, context.lang);
  const lines = narrow ? [line, fit.join('   ')] : [[line, ...fit].join('   ')];
  graphic.push({
    type: 'text',
    silent: true,
    x: box.left,
    y: box.top - (narrow ? 54 : 42),
    style: { text: lines.join('\n'), font: `${font}px ${SANS}`, fill: ink.text, lineHeight: 15 },
  });
  return { graphic, reserved: [] };
}

function clipped(slope: number, intercept: number, { x, y }: ScatterPlot): [number, number] | null {
  let [from, to] = [x.min, x.max];
  if (slope !== 0) {
    const [a, b] = [(y.min - intercept) / slope, (y.max - intercept) / slope];
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  } else if (intercept < y.min || intercept > y.max) return null;
  return from < to ? [from, to] : null;
}

/** log₁₀ y = a ± b · log₁₀ x, with R² and n: as the facts say, else of the dots shown. */
function equation(
  result: ExhibitResult,
  points: readonly Point[],
  slope: number,
  intercept: number,
  lang: ChartContext['lang'],
): string[] {
  const { facts } = result;
  const number = (value: number) => value.toFixed(2).replace('-', '−');
  const sign = slope < 0 ? '−' : '+';
  const n = typeof facts.n === 'number' ? facts.n : points.length;
  const r2 = typeof facts.r2 === 'number' ? facts.r2 : explained(points, slope, intercept);
  const line = `log₁₀ y = ${number(intercept)} ${sign} ${number(Math.abs(slope))} · log₁₀ x`;
  return [line, ...(r2 === null ? [] : [`R² = ${number(r2)}`]), `n = ${whole(n, lang)}`];
}

/** Share of the variance of log10 y that the line explains. */
function explained(points: readonly Point[], slope: number, intercept: number): number | null {
  const mean = points.reduce((sum, point) => sum + point.ly, 0) / Math.max(1, points.length);
  const total = points.reduce((sum, point) => sum + (point.ly - mean) ** 2, 0);
  const left = points.reduce((sum, point) => sum + (point.ly - slope * point.lx - intercept) ** 2, 0);
  return total > 0 ? 1 - left / total : null;
}
