/** From an exhibit's result to an ECharts option, the same in the browser and on the server. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { bars, barsHeight } from './bars.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { lines } from './lines.ts';
import { stackedArea } from './stacked-area.ts';
import { stackedColumns } from './stacked-columns.ts';

const CHARTS: Record<
  ExhibitResult['chart']['type'],
  (result: ExhibitResult, context: ChartContext) => ChartOption
> = {
  'stacked-area': stackedArea,
  'stacked-columns': stackedColumns,
  lines,
  bars,
};

export function chartOption(result: ExhibitResult, context: ChartContext): ChartOption {
  return CHARTS[result.chart.type](result, context);
}

/** The height that suits a chart without title and legend, in pixels. */
export function chartHeight(result: ExhibitResult, context: ChartContext): number {
  if (result.chart.type === 'bars') return barsHeight(result);
  return isNarrow(context) ? 280 : 380;
}
