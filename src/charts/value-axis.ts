import type { Unit } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import { formatTick } from './format.ts';
import { INKS } from './theme.ts';

/** The axis of amounts: from zero, thin gridlines, short labels. `max` 1 for shares that add up to all. */
export function valueAxis(unit: Unit, context: ChartContext, max?: number) {
  const ink = INKS[context.theme];
  return {
    type: 'value' as const,
    min: 0,
    max,
    interval: max === 1 ? 0.25 : undefined,
    minInterval: unit === 'models' ? 1 : undefined,
    splitNumber: 4,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: ink.grid } },
    axisLabel: {
      color: ink.muted,
      fontSize: isNarrow(context) ? 11 : 12,
      margin: 8,
      formatter: (value: number) => formatTick(value, unit, context.lang),
    },
  };
}
