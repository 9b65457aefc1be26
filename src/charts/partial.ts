/** Periods that the data covers only in part: faded, so that a drop at the edge is not read as a fall. */
import type { LineSeriesOption } from 'echarts/charts';
import type { ExhibitResult } from '../exhibits/contract.ts';
import type { Ink } from './theme.ts';

export const isPartial = (result: ExhibitResult, index: number): boolean =>
  result.periods[index]?.partial === true;

/** Stripes over a colour. */
export function hatch(ink: Ink) {
  return {
    symbol: 'rect',
    symbolSize: 1,
    dashArrayX: [1, 0],
    dashArrayY: [2, 4],
    rotation: -Math.PI / 4,
    color: ink.hatch,
  };
}

/** A veil over the partial period up to its neighbours, for areas. */
export const partialVeil = (result: ExhibitResult, ink: Ink): LineSeriesOption['markArea'] =>
  partialBand(result, { color: ink.paper, opacity: 0.55 }, 6);

/** A band behind the partial period, for lines: their last point is hollow and must stay whole. */
export const partialShade = (result: ExhibitResult, ink: Ink): LineSeriesOption['markArea'] =>
  partialBand(result, { color: ink.grid, opacity: 0.5 }, 0);

function partialBand(
  result: ExhibitResult,
  itemStyle: { color: string; opacity: number },
  z: number,
): LineSeriesOption['markArea'] {
  const last = result.periods.length - 1;
  const data = result.periods.flatMap((each, i): [{ xAxis: number }, { xAxis: number }][] =>
    each.partial && last > 0 ? [[{ xAxis: Math.max(0, i - 1) }, { xAxis: Math.min(last, i + 1) }]] : [],
  );
  if (data.length === 0) return undefined;
  return { silent: true, animation: false, z, itemStyle, label: { show: false }, data };
}
