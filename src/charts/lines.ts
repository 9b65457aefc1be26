import type { ExhibitResult } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { isPartial, partialShade } from './partial.ts';
import { type Drawn, pivot } from './pivot.ts';
import { plotOf } from './plot.ts';
import { releaseLines } from './releases.ts';
import { seriesChart } from './series-chart.ts';
import { INKS } from './theme.ts';

/** One line a series; a point where a value stands alone or its period is partial. */
export function lines(result: ExhibitResult, context: ChartContext): ChartOption {
  const ink = INKS[context.theme];
  const drawn = pivot(result, false);
  const plot = plotOf(result, drawn, context, false);
  const single = drawn.length === 1;
  return seriesChart({
    result,
    drawn,
    context,
    plot,
    columns: false,
    total: false,
    series: drawn.map((each, i) => {
      const color = each.color[context.theme];
      return {
        type: 'line',
        id: each.key,
        name: each.key,
        data: each.values.map((value, at) => point(result, each, at, value, color, ink.paper)),
        connectNulls: false,
        showAllSymbol: true,
        symbol: 'none',
        lineStyle: {
          width: isNarrow(context) ? 2 : 2.25,
          color,
          type: each.unknown ? [5, 4] : 'solid',
          cap: 'round',
          join: 'round',
        },
        itemStyle: { color },
        areaStyle: single ? { color, opacity: 0.08 } : undefined,
        emphasis: { disabled: true },
        ...(i === 0
          ? { markLine: releaseLines(plot.releases, plot.top, ink), markArea: partialShade(result, ink) }
          : {}),
      };
    }),
  });
}

function point(
  result: ExhibitResult,
  each: Drawn,
  at: number,
  value: number | null,
  color: string,
  paper: string,
) {
  const alone = typeof each.values[at - 1] !== 'number' && typeof each.values[at + 1] !== 'number';
  const partial = isPartial(result, at);
  if (value === null || !(alone || partial)) return value;
  return {
    value,
    symbol: 'circle',
    symbolSize: 7,
    itemStyle: { color: partial ? paper : color, borderColor: color, borderWidth: 2 },
  };
}
