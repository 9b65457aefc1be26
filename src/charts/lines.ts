import type { ExhibitResult } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { isPartial, partialShade } from './partial.ts';
import { type Drawn, pivot } from './pivot.ts';
import { plotOf } from './plot.ts';
import { releaseLines } from './releases.ts';
import { seriesChart } from './series-chart.ts';
import { INKS } from './theme.ts';

/** Bands of more lines than these would hide them; the tooltip tells all. */
const MOST_BANDS = 3;

/** One line a series, with its interval where rows carry one and few lines are drawn; a point where a value stands alone or is partial. */
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
    series: [
      ...(drawn.length <= MOST_BANDS ? drawn : []).flatMap((each) => bandOf(each, each.color[context.theme])),
      ...drawn.map((each, i) => {
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
          areaStyle: single && !each.band ? { color, opacity: 0.08 } : undefined,
          emphasis: { disabled: true },
          ...(i === 0
            ? { markLine: releaseLines(plot.releases, plot.top, ink), markArea: partialShade(result, ink) }
            : {}),
        };
      }),
    ] as ChartOption['series'],
  });
}

/** A light band from low to high: an invisible line and the distance stacked on it. */
function bandOf(each: Drawn, color: string) {
  const { band } = each;
  if (!band) return [];
  const base = {
    type: 'line' as const,
    name: each.key,
    stack: `band-${each.key}`,
    stackStrategy: 'all' as const,
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
    itemStyle: { color },
    emphasis: { disabled: true },
    z: 1,
  };
  const height = band.high.map((high, i) => {
    const low = band.low[i];
    return high === null || low === null || low === undefined ? null : Math.max(0, high - low);
  });
  return [
    { ...base, id: `${each.key} low`, data: band.low },
    { ...base, id: `${each.key} high`, data: height, areaStyle: { color, opacity: 0.16 } },
  ];
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
