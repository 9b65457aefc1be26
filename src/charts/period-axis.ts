/** The time axis: a category per period, labelled only where a month or year begins and there is room. */
import type { ExhibitResult, Grain } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow, type Lang } from './context.ts';
import { formatMonth, formatYear } from './format.ts';
import { INKS } from './theme.ts';

const ROOM = 44;
const DAY_ROOM = 52;
const DAY_STEPS = [1, 2, 3, 5, 7, 10, 14];
const MONTH_STEPS = [1, 2, 3, 4, 6, 12, 24, 36, 60];

/** Index of period → label; a second line carries the year at the first label and at each new year. */
export function periodTicks(
  periods: string[],
  grain: Grain,
  lang: Lang,
  plotWidth: number,
): Map<number, string> {
  const months = new Set(periods.map((period) => period.slice(0, 7))).size;
  const few = months <= 2 || periods.length <= 2 * Math.floor(plotWidth / DAY_ROOM);
  return few && grain !== 'month' ? dayTicks(periods, lang, plotWidth) : monthTicks(periods, lang, plotWidth);
}

function dayTicks(periods: string[], lang: Lang, plotWidth: number): Map<number, string> {
  const fits = Math.max(1, Math.floor(plotWidth / DAY_ROOM));
  const step = DAY_STEPS.find((each) => Math.ceil(periods.length / each) <= fits) ?? 30;
  const ticks = new Map<number, string>();
  let year = '';
  for (let i = 0; i < periods.length; i += step) {
    const period = periods[i] ?? '';
    ticks.set(i, withYear(formatMonth(period, lang, 'day'), period, year, lang));
    year = period.slice(0, 4);
  }
  return ticks;
}

function monthTicks(periods: string[], lang: Lang, plotWidth: number): Map<number, string> {
  const starts: number[] = [];
  let month = '';
  periods.forEach((period, i) => {
    if (period.slice(0, 7) === month) return;
    month = period.slice(0, 7);
    starts.push(i);
  });
  const fits = Math.max(1, Math.floor(plotWidth / ROOM));
  const step = MONTH_STEPS.find((each) => Math.ceil(starts.length / each) <= fits) ?? 120;
  const monthNumber = (i: number) => Number(periods[i]?.slice(5, 7) ?? 1) - 1;
  const years = Math.max(1, Math.round(step / 12));
  const chosen = starts.filter((i) =>
    step < 12
      ? monthNumber(i) % step === 0
      : monthNumber(i) === 0 && Number(periods[i]?.slice(0, 4)) % years === 0,
  );
  const shown = chosen.length > 0 ? chosen : starts.slice(0, 1);
  const ticks = new Map<number, string>();
  let year = '';
  let last = Number.NEGATIVE_INFINITY;
  const slot = plotWidth / Math.max(1, periods.length);
  for (const i of shown) {
    if ((i - last) * slot < ROOM * 0.75) {
      // A month that the first week only touches gives way to the next one.
      if (ticks.size > 1) continue;
      ticks.clear();
      year = '';
    }
    const period = periods[i] ?? '';
    ticks.set(i, withYear(formatMonth(period, lang, 'month'), period, year, lang));
    year = period.slice(0, 4);
    last = i;
  }
  return ticks;
}

const withYear = (label: string, period: string, year: string, lang: Lang): string =>
  period.slice(0, 4) === year ? label : `${label}\n${formatYear(period, lang)}`;

export function periodAxis(
  result: ExhibitResult,
  context: ChartContext,
  plotWidth: number,
  boundaryGap: boolean,
) {
  const ink = INKS[context.theme];
  const periods = result.periods.map((each) => each.period);
  const ticks = periodTicks(periods, result.provenance.filters.grain, context.lang, plotWidth);
  const shown = (index: number) => ticks.has(index);
  return {
    type: 'category' as const,
    data: periods,
    boundaryGap,
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: {
      show: true,
      alignWithLabel: true,
      length: 4,
      interval: shown,
      lineStyle: { color: ink.line },
    },
    axisLabel: {
      interval: shown,
      formatter: (_: string, index: number) => ticks.get(index) ?? '',
      color: ink.muted,
      fontSize: isNarrow(context) ? 11 : 12,
      lineHeight: 15,
      margin: 8,
      hideOverlap: false,
      showMinLabel: shown(0),
      showMaxLabel: shown(periods.length - 1),
    },
  };
}
