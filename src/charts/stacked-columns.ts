import type { ExhibitResult } from '../exhibits/contract.ts';
import type { ChartContext } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { hatch, isPartial } from './partial.ts';
import { pivot } from './pivot.ts';
import { plotOf } from './plot.ts';
import { releaseLines } from './releases.ts';
import { seriesChart } from './series-chart.ts';
import { INKS } from './theme.ts';

/** Amounts that add up, a column a period; with `whole`, shares that fill each column. */
export function stackedColumns(result: ExhibitResult, context: ChartContext): ChartOption {
  const ink = INKS[context.theme];
  const drawn = pivot(result, true);
  const plot = plotOf(result, drawn, context, true);
  const whole =
    result.chart.whole === true || (result.unit === 'share' && result.chart.type === 'stacked-area');
  return seriesChart({
    result,
    drawn,
    context,
    plot,
    columns: true,
    max: whole ? 1 : undefined,
    total: !whole,
    series: drawn.map((each, i) => ({
      type: 'bar',
      id: each.key,
      name: each.key,
      stack: 'all',
      // Gaps of a fraction of a pixel would flicker.
      barCategoryGap: plot.width / result.periods.length < 7 ? '0%' : '18%',
      barMaxWidth: 72,
      itemStyle: { color: each.color[context.theme], decal: each.unknown ? hatch(ink) : undefined },
      emphasis: { disabled: true },
      data: each.values.map((value, at) =>
        isPartial(result, at) ? { value, itemStyle: { opacity: 0.55, decal: hatch(ink) } } : value,
      ),
      ...(i === 0 ? { markLine: releaseLines(plot.releases, plot.top, ink) } : {}),
    })),
  });
}
