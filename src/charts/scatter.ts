/** One dot a row on two logarithmic axes, with names, medians, quadrants and a regression line. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { escapeMarkup, printable, safeColor } from './escape.ts';
import { formatTick, formatValue } from './format.ts';
import { legendBox, legendOption } from './legend.ts';
import { type LogScale, logTicks } from './log-scale.ts';
import { labelAnchor } from './place-labels.ts';
import { dotLabels, legendGroups, type Point, pointsOf, scatterPlot } from './scatter-layout.ts';
import { scatterLines } from './scatter-lines.ts';
import { INKS, type Ink, SANS } from './theme.ts';
import { line, tooltipFrame } from './tooltip.ts';
import { unitName } from './words.ts';

export function scatter(result: ExhibitResult, context: ChartContext): ChartOption {
  const ink = INKS[context.theme];
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const { points, groups } = pointsOf(result, context);
  const spec = result.chart.scatter ?? { x: 'usd_per_million', y: result.unit };
  const named = legendGroups(points, groups);
  const legend =
    context.legend === false || named.length === 0 ? null : legendBox(named, context, insets.top);
  const plot = scatterPlot(result, points, context, legend ? legend.height + 8 : 0);
  const lines = scatterLines(result, points, plot, context);
  const labels = new Map(dotLabels(points, plot, context, lines.reserved).map((each) => [each.index, each]));
  const axis = (scale: LogScale, unit: typeof spec.x, ticks: number[]) => ({
    type: 'value' as const,
    min: scale.min,
    max: scale.max,
    splitLine: { lineStyle: { color: ink.grid }, showMinLine: false, showMaxLine: false },
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.line } },
    axisTick: { show: false, customValues: ticks },
    axisLabel: {
      customValues: ticks,
      color: ink.muted,
      fontSize: isNarrow(context) ? 11 : 12,
      margin: 8,
      formatter: (exponent: number) =>
        formatTick(Number((10 ** exponent).toPrecision(3)), unit, context.lang),
    },
  });
  const { box } = plot;
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: SANS, color: ink.text },
    aria: { enabled: true, label: { enabled: false } },
    grid: {
      left: box.left,
      top: box.top,
      width: box.right - box.left,
      height: box.bottom - box.top,
      outerBoundsMode: 'none',
    },
    legend: legendOption(legend, context),
    tooltip: {
      ...tooltipFrame(context),
      trigger: 'item',
      formatter: (params: unknown) => {
        const point = points[pointIndex(params)];
        return point ? tooltipOf(point, spec.x, spec.y, context) : '';
      },
    },
    xAxis: axis(plot.x, spec.x, logTicks(plot.x, box.right - box.left, 56)),
    yAxis: axis(plot.y, spec.y, logTicks(plot.y, box.bottom - box.top, 44)),
    series: groups.map((group) => ({
      type: 'custom' as const,
      id: group.key,
      name: group.key,
      itemStyle: { color: group.color[context.theme] },
      z: 3,
      data: points.flatMap((point, i) => (point.group === group.key ? [[point.lx, point.ly, i]] : [])),
      renderItem: (_: unknown, api: { value: (dimension: number) => unknown }) => {
        const index = Number(api.value(2));
        const point = points[index];
        return point ? drawnPoint(point, labels.get(index), plot.font, ink) : null;
      },
    })) as ChartOption['series'],
    graphic: [...lines.graphic, ...axisNames(result, context, box, ink)],
  };
}

function pointIndex(params: unknown): number {
  const { value } = params as { value?: unknown };
  return Array.isArray(value) ? Number(value[2]) : -1;
}

function drawnPoint(
  point: Point,
  label: ReturnType<typeof dotLabels>[number] | undefined,
  font: number,
  ink: Ink,
) {
  const dot = {
    type: 'circle' as const,
    shape: { cx: point.x, cy: point.y, r: point.radius },
    style: { fill: point.color, stroke: ink.paper, lineWidth: 1, opacity: 0.92 },
  };
  if (!label) return { type: 'group' as const, children: [dot] };
  const text = {
    type: 'text' as const,
    silent: true,
    style: {
      text: printable(point.text),
      ...labelAnchor(label.box, point.x),
      font: `${font}px ${SANS}`,
      fill: ink.text,
      stroke: ink.paper,
      lineWidth: 2.5,
    },
  };
  if (!label.leader) return { type: 'group' as const, children: [dot, text] };
  const [x1, y1, x2, y2] = label.leader;
  const leader = {
    type: 'line' as const,
    silent: true,
    shape: { x1, y1, x2, y2 },
    style: { stroke: ink.line, lineWidth: 0.75 },
  };
  return { type: 'group' as const, children: [leader, dot, text] };
}

function axisNames(
  result: ExhibitResult,
  context: ChartContext,
  box: { left: number; right: number; top: number; bottom: number },
  ink: Ink,
) {
  const spec = result.chart.scatter ?? { x: 'usd_per_million', y: result.unit };
  const style = { fill: ink.muted, font: `${isNarrow(context) ? 11 : 12}px ${SANS}` };
  return [
    {
      type: 'text' as const,
      x: (box.left + box.right) / 2,
      y: box.bottom + 27,
      silent: true,
      style: { ...style, text: unitName(context.lang, spec.x), align: 'center' as const },
    },
    {
      type: 'text' as const,
      x: 2,
      y: box.top - 20,
      silent: true,
      style: { ...style, text: unitName(context.lang, spec.y) },
    },
  ];
}

type ScatterUnit = NonNullable<ExhibitResult['chart']['scatter']>['x'];

function tooltipOf(point: Point, x: ScatterUnit, y: ScatterUnit, context: ChartContext): string {
  const { lang, theme } = context;
  const muted = INKS[theme].muted;
  const fact = (unit: ScatterUnit, value: number) =>
    `<div style="display:flex;gap:18px;justify-content:space-between"><span style="color:${muted}">${escapeMarkup(
      unitName(lang, unit),
    )}</span><span>${escapeMarkup(formatValue(value, unit, lang))}</span></div>`;
  const group = point.groupLabel === point.name ? '' : line(safeColor(point.color), point.groupLabel, '');
  return `<div style="font-weight:600;margin-bottom:5px">${escapeMarkup(point.name)}</div>${group}${fact(x, point.valueX)}${fact(y, point.valueY)}`;
}
