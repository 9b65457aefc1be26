/** A result as its reader sees it after hiding series in the legend: for pictures of just that. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { legendSeries } from './legend-series.ts';

/**
 * The result without the rows of what is hidden, which `hidden` names so that a picture says it. Values stay what they
 * are: shares are still of the whole. Keys that the legend does not have are left alone, and of nothing there is no picture:
 * where all is hidden, all is drawn.
 */
export function withoutSeries(
  result: ExhibitResult,
  keys: readonly string[],
): ExhibitResult & { hidden?: string[] } {
  const legend = legendSeries(result);
  const gone = legend.filter((each) => keys.includes(each.key));
  if (gone.length === 0 || gone.length === legend.length) return result;
  const column = result.chart.type === 'scatter' ? 'group' : 'series';
  const stays = (key: unknown) => !gone.some((each) => each.key === String(key));
  return {
    ...result,
    rows: result.rows.filter((row) => stays(row[column])),
    series: column === 'series' ? result.series.filter(({ key }) => stays(key)) : result.series,
    groups: column === 'group' ? result.groups.filter(({ key }) => stays(key)) : result.groups,
    hidden: gone.map((each) => each.label),
  };
}
