/** From an exhibit's result to an ECharts option, the same in the browser and on the server. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { bars, barsHeight } from './bars.ts';
import { cohorts, cohortsHeight } from './cohorts.ts';
import { composition, compositionHeight } from './composition.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { lines } from './lines.ts';
import { scatter } from './scatter.ts';
import { scatterHeight } from './scatter-layout.ts';
import { stackedArea } from './stacked-area.ts';
import { stackedColumns } from './stacked-columns.ts';
import { tablePicture, tablePictureHeight } from './table-picture.ts';

const CHARTS: Record<
  ExhibitResult['chart']['type'],
  (result: ExhibitResult, context: ChartContext) => ChartOption
> = {
  'stacked-area': stackedArea,
  'stacked-columns': stackedColumns,
  lines,
  bars,
  composition,
  scatter,
  cohorts,
  table: tablePicture,
};

/** One chart. A result with panels is split first (`panelResults`). */
export function chartOption(result: ExhibitResult, context: ChartContext): ChartOption {
  return CHARTS[result.chart.type](result, context);
}

/** The height that suits a chart without title and legend, in pixels. */
export function chartHeight(result: ExhibitResult, context: ChartContext): number {
  switch (result.chart.type) {
    case 'bars':
      return barsHeight(result);
    case 'composition':
      return compositionHeight(result, context);
    case 'scatter':
      return scatterHeight(context);
    case 'cohorts':
      return cohortsHeight(context);
    case 'table':
      return tablePictureHeight(result);
    default:
      return isNarrow(context) ? 280 : 380;
  }
}
