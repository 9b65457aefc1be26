/** Retention: one line a cohort over its age in months, the earliest cohorts strongest. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { ramp } from './color.ts';
import { type ChartContext, isNarrow, type Theme } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { escapeMarkup } from './escape.ts';
import { formatMonth, percent, whole } from './format.ts';
import { type Box, labelAnchor, placeLabels } from './place-labels.ts';
import { textWidth } from './text-width.ts';
import { INKS, SANS } from './theme.ts';
import { line, tooltipFrame } from './tooltip.ts';
import { valueAxis } from './value-axis.ts';
import { word } from './words.ts';

/** From the latest cohort to the earliest: towards more contrast with the ground. */
const RAMPS: Record<Theme, readonly string[]> = {
  light: ['#a5c98f', '#38a3b5', '#2d62a8', '#231f66'],
  dark: ['#5566a6', '#3f9fc4', '#63d0b4', '#f3f2a6'],
};
/** Cohorts with fewer accounts are dotted: one account more or less would move them far. */
const THIN = 5;

interface Cohort {
  month: string;
  label: string;
  size: number | null;
  color: string;
  /** 0 for the latest, 1 for the earliest. */
  weight: number;
  values: (number | null)[];
  accounts: (number | null)[];
}

/** Earliest first. At age 0 every account of a cohort is there: 100 %. */
export function cohortsOf(result: ExhibitResult, context: ChartContext): Cohort[] {
  const months = [...new Set(result.rows.map((row) => String(row.cohort ?? '').slice(0, 10)))]
    .filter((month) => month !== '')
    .sort();
  const ages = 1 + Math.max(0, ...result.rows.map((row) => ageOf(row.age) ?? 0));
  return months.map((month, i) => {
    const values = new Array<number | null>(ages).fill(null);
    const accounts = new Array<number | null>(ages).fill(null);
    let size: number | null = null;
    for (const row of result.rows) {
      const age = ageOf(row.age);
      if (age === null || String(row.cohort ?? '').slice(0, 10) !== month) continue;
      values[age] = typeof row.value === 'number' && Number.isFinite(row.value) ? row.value : null;
      accounts[age] = typeof row.accounts === 'number' ? row.accounts : null;
      if (typeof row.size === 'number') size = row.size;
    }
    values[0] = 1;
    size ??= accounts[0] ?? null;
    const weight = months.length < 2 ? 1 : 1 - i / (months.length - 1);
    const color = ramp(RAMPS[context.theme], weight);
    return { month, label: formatMonth(month, context.lang), size, color, weight, values, accounts };
  });
}

const ageOf = (cell: unknown): number | null =>
  typeof cell === 'number' && Number.isInteger(cell) && cell >= 0 && cell < 600 ? cell : null;

const BOTTOM = 46;
const LEFT = 46;

export function cohorts(result: ExhibitResult, context: ChartContext): ChartOption {
  const ink = INKS[context.theme];
  const narrow = isNarrow(context);
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const all = cohortsOf(result, context);
  const ages = Math.max(1, ...all.map((each) => each.values.length));
  const font = narrow ? 10.5 : 11;
  const texts = all.map((each) => labelOf(each, narrow, context));
  const right = Math.ceil(12 + Math.max(28, ...texts.map((text) => textWidth(text, font))));
  const height = context.height ?? cohortsHeight(context) + insets.top + insets.bottom;
  const box = {
    left: LEFT,
    right: context.width - right,
    top: insets.top + 14,
    bottom: Math.max(insets.top + 60, height - insets.bottom - BOTTOM),
  };
  const ends = all.map((each) => endOf(each, box, ages));
  const key = ageKey(all, box, context);
  const labels = placeLabels(
    ends.map((end, i) => ({
      ...end,
      radius: 2.5,
      // A cohort of its first month only has no line that a name could explain.
      width: end.age === 0 && ages > 1 ? 0 : textWidth(texts[i] ?? '', font) * 1.05 + 2,
      height: font + 2,
      weight: all[i]?.weight ?? 0,
    })),
    {
      plot: { ...box, right: context.width - 2, top: insets.top },
      leaders: narrow ? 5 : all.length,
      reserved: key.reserved,
      avoid: all.flatMap((each) => pathOf(each, box, ages)),
    },
  );
  const step = Math.max(1, Math.ceil(ages / Math.max(1, Math.floor((box.right - box.left) / 30))));
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: SANS, color: ink.text },
    aria: { enabled: true, label: { enabled: false } },
    legend: { show: false },
    grid: {
      left: box.left,
      top: box.top,
      width: box.right - box.left,
      height: box.bottom - box.top,
      outerBoundsMode: 'none',
    },
    tooltip: {
      ...tooltipFrame(context),
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: ink.line, width: 1 } },
      formatter: (params: unknown) => {
        const [first] = [params].flat() as { dataIndex?: number }[];
        return tooltipOf(all, first?.dataIndex ?? -1, context);
      },
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: Array.from({ length: ages }, (_, age) => age),
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: true, alignWithLabel: true, length: 4, lineStyle: { color: ink.line } },
      axisLabel: {
        interval: (at: number) => at % step === 0,
        color: ink.muted,
        fontSize: narrow ? 11 : 12,
        margin: 8,
        hideOverlap: false,
      },
    },
    yAxis: valueAxis('share', context, 1),
    // The earliest are drawn last, above the others.
    series: all.toReversed().map((each) => ({
      type: 'line',
      id: each.month,
      name: each.month,
      data: each.values.map((value, age) => pointAt(each, value, age)),
      connectNulls: false,
      showAllSymbol: true,
      symbol: 'none',
      lineStyle: {
        width: 1.25 + 1.75 * each.weight ** 2,
        color: each.color,
        type: (each.size ?? THIN) < THIN ? [1, 4] : 'solid',
        cap: 'round',
        join: 'round',
      },
      itemStyle: { color: each.color },
      emphasis: { disabled: true },
    })),
    graphic: [
      ...key.graphic,
      ...labels.flatMap((label) => {
        const color = all[label.index]?.color ?? ink.text;
        const anchor = labelAnchor(label.box, ends[label.index]?.x ?? 0);
        const text = {
          type: 'text' as const,
          z: 5,
          silent: true,
          x: anchor.x,
          y: anchor.y,
          style: {
            align: anchor.align,
            text: texts[label.index] ?? '',
            font: `${font}px ${SANS}`,
            fill: ink.text,
            stroke: ink.paper,
            lineWidth: 2.5,
          },
        };
        if (!label.leader) return [text];
        const [x1, y1, x2, y2] = label.leader;
        const style = { stroke: color, lineWidth: 0.75 };
        return [{ type: 'line' as const, z: 4, silent: true, shape: { x1, y1, x2, y2 }, style }, text];
      }),
      {
        type: 'text',
        x: (box.left + box.right) / 2,
        y: box.bottom + 27,
        silent: true,
        style: {
          text: word(context.lang, 'age'),
          align: 'center',
          fill: ink.muted,
          font: `${narrow ? 11 : 12}px ${SANS}`,
        },
      },
    ],
  };
}

/** What the colours mean: a strip from the earliest to the latest cohort, where the lines rarely run. */
function ageKey(all: readonly Cohort[], box: Box, context: ChartContext) {
  const ink = INKS[context.theme];
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last || all.length < 3) return { graphic: [], reserved: [] };
  const font = isNarrow(context) ? 10.5 : 11;
  const texts = textWidth(first.label, font) + textWidth(last.label, font);
  // The first months, where every line falls, stay free.
  const room = (box.right - box.left) * 0.86 - texts * 1.06 - 14;
  const swatch = Math.max(2, Math.min(9, Math.min(84, room) / all.length));
  const right = box.right - textWidth(last.label, font) * 1.06 - 4;
  const left = right - swatch * all.length - 6;
  const text = (label: string, x: number, align: 'left' | 'right') => ({
    type: 'text' as const,
    silent: true,
    x,
    y: box.top + 7,
    style: {
      text: label,
      align,
      font: `${font}px ${SANS}`,
      fill: ink.muted,
      stroke: ink.paper,
      lineWidth: 2,
    },
  });
  return {
    reserved: [
      {
        left: left - textWidth(first.label, font) * 1.06 - 8,
        right: box.right + 2,
        top: box.top + 4,
        bottom: box.top + 24,
      },
    ],
    graphic: [
      text(first.label, left - 4, 'right'),
      ...all.map((each, i) => ({
        type: 'rect' as const,
        silent: true,
        shape: { x: left + i * swatch, y: box.top + 8, width: swatch, height: 9 },
        style: { fill: each.color },
      })),
      text(last.label, right, 'left'),
    ],
  };
}

export const cohortsHeight = (context: ChartContext): number => (isNarrow(context) ? 290 : 400);

function labelOf(cohort: Cohort, narrow: boolean, context: ChartContext): string {
  if (narrow || cohort.size === null) return cohort.label;
  return `${cohort.label} (${whole(cohort.size, context.lang)})`;
}

/** A cohort of one month has no line: a point stands for it. */
function pointAt(cohort: Cohort, value: number | null, age: number) {
  const alone = typeof cohort.values[age - 1] !== 'number' && typeof cohort.values[age + 1] !== 'number';
  return value !== null && alone ? { value, symbol: 'circle', symbolSize: 6 } : value;
}

/** Where a value stands in the plot. */
const placeOf = (box: Box, ages: number, age: number, share: number) => ({
  x: box.left + (ages < 2 ? 0 : age / (ages - 1)) * (box.right - box.left),
  y: box.bottom - Math.min(1, Math.max(0, share)) * (box.bottom - box.top),
});

function endOf(cohort: Cohort, box: Box, ages: number) {
  const age = Math.max(
    0,
    cohort.values.findLastIndex((value) => value !== null),
  );
  return { age, ...placeOf(box, ages, age, cohort.values[age] ?? 0) };
}

/** Points along the line, close enough together for a name not to slip between them. */
function pathOf(cohort: Cohort, box: Box, ages: number): { x: number; y: number }[] {
  return cohort.values.flatMap((value, age) => {
    const next = cohort.values[age + 1];
    if (typeof value !== 'number' || typeof next !== 'number') return [];
    return [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) =>
      placeOf(box, ages, age + part, value + (next - value) * part),
    );
  });
}

function tooltipOf(all: readonly Cohort[], age: number, context: ChartContext): string {
  const { lang, theme } = context;
  const there = all.filter((each) => typeof each.values[age] === 'number');
  if (there.length === 0) return '';
  const lines = there.map((each) => {
    const share = percent(each.values[age] ?? 0, lang);
    const [accounts, size] = [each.accounts[age], each.size];
    const evidence =
      typeof accounts === 'number' && size !== null
        ? ` · ${word(lang, 'accountsOf', { accounts: whole(accounts, lang), size: whole(size, lang) })}`
        : '';
    return line(each.color, each.label, share + evidence);
  });
  const columns = lines.length > 16 && context.width >= 640 ? 2 : 1;
  const title = escapeMarkup(word(lang, 'atAge', { age }));
  const foot = there.some((each) => (each.size ?? THIN) < THIN)
    ? `<div style="color:${INKS[theme].muted};margin-top:4px">${escapeMarkup(word(lang, 'thin', { count: THIN }))}</div>`
    : '';
  return `<div style="font-weight:600;margin-bottom:5px">${title}</div><div style="columns:${columns};column-gap:22px">${lines.join('')}</div>${foot}`;
}
