import type { ExhibitResult } from '../exhibits/contract.ts';
import type { ChartContext } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { hatch, partialVeil } from './partial.ts';
import { hasLonePeriod, pivot } from './pivot.ts';
import { plotOf } from './plot.ts';
import { releaseLines } from './releases.ts';
import { seriesChart } from './series-chart.ts';
import { stackedColumns } from './stacked-columns.ts';
import { INKS } from './theme.ts';

/** Shares that add up to 1. A period that stands alone has no area, so such a result is drawn as columns. */
export function stackedArea(result: ExhibitResult, context: ChartContext): ChartOption {
  const drawn = pivot(result, true);
  if (hasLonePeriod(drawn)) return stackedColumns(result, context);
  const ink = INKS[context.theme];
  const plot = plotOf(result, drawn, context, false);
  // Many thin bands would drown in their own edges.
  const edge = drawn.length > 8 ? 0.4 : 0.75;
  return seriesChart({
    result,
    drawn,
    context,
    plot,
    columns: false,
    max: result.unit === 'share' ? 1 : undefined,
    total: result.unit !== 'share',
    series: drawn.map((each, i) => ({
      type: 'line',
      id: each.key,
      name: each.key,
      stack: 'all',
      data: each.values,
      connectNulls: false,
      showSymbol: false,
      symbol: 'circle',
      lineStyle: { width: edge, color: ink.paper, opacity: 0.9 },
      itemStyle: { color: each.color[context.theme], decal: each.unknown ? hatch(ink) : undefined },
      areaStyle: { opacity: 1, color: each.color[context.theme] },
      emphasis: { disabled: true },
      ...(i === 0
        ? { markLine: releaseLines(plot.releases, plot.top, ink), markArea: partialVeil(result, ink) }
        : {}),
    })),
  });
}
