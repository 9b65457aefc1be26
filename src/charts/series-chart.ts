/** What all charts over periods share: frame, axes, tooltip, legend. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import type { ChartContext } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { legendOption } from './legend.ts';
import { periodAxis } from './period-axis.ts';
import type { Drawn } from './pivot.ts';
import type { Plot } from './plot.ts';
import { INKS, SANS } from './theme.ts';
import { periodTooltip, tooltipFrame } from './tooltip.ts';
import { valueAxis } from './value-axis.ts';

export interface SeriesChart {
  result: ExhibitResult;
  drawn: Drawn[];
  context: ChartContext;
  plot: Plot;
  /** Columns stand between ticks, lines and areas reach from edge to edge. */
  columns: boolean;
  max?: number;
  total: boolean;
  series: ChartOption['series'];
}

export function seriesChart(chart: SeriesChart): ChartOption {
  const { result, drawn, context, plot } = chart;
  const ink = INKS[context.theme];
  const tooltip = periodTooltip(result, drawn, context, chart.total);
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: SANS, color: ink.text },
    // Hatching is a part of ECharts' aria component; the page writes its own description.
    aria: { enabled: true, label: { enabled: false } },
    grid: { left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom },
    legend: legendOption(plot.legend, context),
    tooltip: {
      ...tooltipFrame(context),
      trigger: 'axis',
      axisPointer: chart.columns
        ? { type: 'shadow', shadowStyle: { color: ink.line, opacity: 0.14 } }
        : { type: 'line', lineStyle: { color: ink.line, width: 1 } },
      formatter: (params: unknown) => {
        const first = Array.isArray(params) ? params[0] : params;
        return tooltip((first as { dataIndex?: number } | undefined)?.dataIndex ?? -1);
      },
    },
    xAxis: periodAxis(result, context, plot.width, chart.columns),
    yAxis: valueAxis(result.unit, context, chart.max),
    series: chart.series,
  };
}
