/** What groups are made of: one 100 % column a group, or on a phone one bar a group, its parts named inside. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { inkOn, mix } from './color.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { escapeMarkup, safeColor } from './escape.ts';
import { formatTick, percent, whole } from './format.ts';
import { intervalText } from './interval-text.ts';
import { hatch } from './partial.ts';
import { textWidth, wrapText } from './text-width.ts';
import { INKS, type Ink, SANS } from './theme.ts';
import { line, tooltipFrame } from './tooltip.ts';
import { word } from './words.ts';

interface Part {
  key: string;
  label: string;
  share: number;
  low: unknown;
  high: unknown;
  color: string;
  unknown: boolean;
}
interface Column {
  label: string;
  parts: Part[];
  requests: number | null;
}

const PER_PANEL = 6;
const PLOT = 372;
const NAMES = 44;
const GAP = 18;
const LEFT = 46;
const RIGHT = 8;
/** On a phone: pixels of a group's row and of the bar inside it. */
const ROW = 76;
const BAR = 46;

const isRest = (part: { key: string; unknown: boolean }) => part.key === 'other' || part.unknown;

/** Groups in the result's order, parts largest first, the rest last and grey. */
export function compositionOf(result: ExhibitResult, context: ChartContext): Column[] {
  const ink = INKS[context.theme];
  const series = new Map(result.series.map((each) => [each.key, each]));
  const groups = new Map(result.groups.map((each) => [each.key, each]));
  const keys = [...new Set([...groups.keys(), ...result.rows.map((row) => String(row.group ?? ''))])];
  return keys.flatMap((key): Column[] => {
    const rows = result.rows.filter((row) => String(row.group ?? '') === key);
    const parts = rows.flatMap((row): Part[] => {
      if (typeof row.value !== 'number' || !Number.isFinite(row.value) || row.value <= 0) return [];
      const part = String(row.series ?? '');
      const info = series.get(part);
      const color = info?.color[context.theme] ?? ink.accent;
      return [
        {
          key: part,
          label: info?.label ?? part,
          share: row.value,
          low: row.low,
          high: row.high,
          color,
          unknown: info?.unknown === true,
        },
      ];
    });
    if (parts.length === 0) return [];
    parts.sort((a, b) => Number(isRest(a)) - Number(isRest(b)) || b.share - a.share);
    const base = groups.get(key)?.color[context.theme];
    const named = parts.filter((part) => !isRest(part)).length;
    parts.forEach((part, i) => {
      if (isRest(part)) part.color = mix(ink.unknown, ink.paper, 0.45);
      else if (base) part.color = mix(base, ink.paper, named < 2 ? 0 : (0.68 * i) / (named - 1));
    });
    const requests = rows.every((row) => typeof row.requests === 'number')
      ? rows.reduce((sum, row) => sum + Number(row.requests), 0)
      : null;
    return [{ label: groups.get(key)?.label ?? key, parts, requests }];
  });
}

const panelsOf = (result: ExhibitResult, columns: Column[]): Column[][] => {
  const size = Math.max(1, result.chart.groupsPerPanel ?? PER_PANEL);
  return Array.from({ length: Math.ceil(columns.length / size) }, (_, i) =>
    columns.slice(i * size, (i + 1) * size),
  );
};

/** Pixels that the columns need. */
export function compositionHeight(result: ExhibitResult, context: ChartContext): number {
  const columns = compositionOf(result, context);
  if (isNarrow(context)) return Math.max(1, columns.length) * ROW;
  return Math.max(1, panelsOf(result, columns).length) * (PLOT + NAMES + GAP);
}

export function composition(result: ExhibitResult, context: ChartContext): ChartOption {
  const columns = compositionOf(result, context);
  const ink = INKS[context.theme];
  const narrow = isNarrow(context);
  const panels = narrow ? [columns] : panelsOf(result, columns);
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: SANS, color: ink.text },
    aria: { enabled: true, label: { enabled: false } },
    legend: { show: false },
    tooltip: {
      ...tooltipFrame(context),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: ink.line, opacity: 0.14 } },
      formatter: (params: unknown) => {
        const [first] = [params].flat() as { seriesId?: string; dataIndex?: number }[];
        const panel = Number(/^\d+/.exec(first?.seriesId ?? '')?.[0] ?? 0);
        const column = panels[panel]?.[first?.dataIndex ?? -1];
        return column ? tooltipOf(column, context) : '';
      },
    },
    ...(narrow ? asBars(columns, context, ink) : asColumns(panels, result, context, ink)),
  };
}

function asColumns(panels: Column[][], result: ExhibitResult, context: ChartContext, ink: Ink): ChartOption {
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const count = Math.max(1, panels.length);
  const room = context.height === undefined ? undefined : context.height - insets.top - insets.bottom;
  const plot = room === undefined ? PLOT : Math.max(90, room / count - NAMES - GAP);
  const width = Math.max(40, context.width - LEFT - RIGHT);
  const slots = Math.max(1, ...panels.map((panel) => panel.length));
  const bar = Math.min(150, (width / slots) * 0.86);
  return {
    grid: panels.map((panel, i) => ({
      left: LEFT,
      width: (width / slots) * panel.length,
      top: insets.top + 10 + i * (plot + NAMES + GAP),
      height: plot,
      outerBoundsMode: 'none',
    })),
    xAxis: panels.map((panel, i) => ({
      type: 'category' as const,
      gridIndex: i,
      data: panel.map((_, at) => at),
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: {
        interval: 0,
        margin: 8,
        color: ink.text,
        fontSize: 12,
        lineHeight: 15,
        formatter: (at: string) =>
          wrapText(panel[Number(at)]?.label ?? '', 12, width / slots - 6, 2).join('\n'),
      },
    })),
    yAxis: panels.map((_, i) => ({
      type: 'value' as const,
      gridIndex: i,
      min: 0,
      max: 1,
      interval: 0.25,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: ink.grid } },
      axisLabel: {
        color: ink.muted,
        fontSize: 12,
        margin: 8,
        formatter: (value: number) => formatTick(value, result.unit, context.lang),
      },
    })),
    series: panels.flatMap((panel, i) =>
      stackOf(panel, i, ink, (part) => partLabel(part, bar, part.share * plot, 11, context)).map((each) => ({
        ...each,
        xAxisIndex: i,
        yAxisIndex: i,
        barWidth: bar,
      })),
    ),
  };
}

function asBars(columns: Column[], context: ChartContext, ink: Ink): ChartOption {
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const left = context.insets ? 16 : 2;
  const width = Math.max(40, context.width - 2 * left);
  return {
    grid: {
      left,
      width,
      top: insets.top,
      height: Math.max(1, columns.length) * ROW,
      outerBoundsMode: 'none',
    },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: { type: 'category', inverse: true, show: false, data: columns.map((_, i) => i) },
    series: stackOf(columns, 0, ink, (part) => partLabel(part, part.share * width, BAR, 11, context)).map(
      (each) => ({ ...each, barWidth: BAR }),
    ),
    graphic: columns.map((column, i) => ({
      type: 'text' as const,
      x: left,
      y: insets.top + i * ROW,
      silent: true,
      style: { text: column.label, fill: ink.text, font: `600 12px ${SANS}` },
    })),
  };
}

/** One bar series a rank, so that each group keeps an order of its own. */
function stackOf(columns: Column[], panel: number, ink: Ink, label: (part: Part) => string) {
  const ranks = Math.max(0, ...columns.map((column) => column.parts.length));
  return Array.from({ length: ranks }, (_, rank) => ({
    type: 'bar' as const,
    id: `${panel}-${rank}`,
    name: `${panel}-${rank}`,
    stack: `panel-${panel}`,
    emphasis: { disabled: true },
    data: columns.map((column) => {
      const part = column.parts[rank];
      if (!part) return null;
      const text = label(part);
      return {
        value: part.share,
        itemStyle: {
          color: part.color,
          borderColor: ink.paper,
          borderWidth: 1,
          decal: part.unknown ? hatch(ink) : undefined,
        },
        label: {
          show: text !== '',
          position: 'inside' as const,
          formatter: () => text,
          color: inkOn(part.color),
          fontSize: 11,
          lineHeight: 12,
        },
      };
    }),
  }));
}

/** Name and percentage where both fit, else the percentage, else nothing. */
function partLabel(part: Part, width: number, height: number, font: number, context: ChartContext): string {
  const share = percent(part.share, context.lang);
  const lines = Math.min(4, Math.floor((height - 1.5) / (font + 1)));
  const room = width - 8;
  if (lines < 1 || textWidth(share, font) > room) return '';
  const both = `${part.label} ${share}`;
  if (lines === 1) return textWidth(both, font) <= room ? both : share;
  const name = wrapText(part.label, font, room, lines - 1);
  if (isWhole(name, part.label)) return [...name, share].join('\n');
  const flowing = wrapText(both, font, room, lines);
  if (isWhole(flowing, both)) return flowing.join('\n');
  // A cut first word says nothing.
  return name[0]?.includes('…') ? share : [...name, share].join('\n');
}

const isWhole = (lines: string[], text: string): boolean =>
  lines.join('').replaceAll(/\s/g, '') === text.replaceAll(/\s/g, '');

function tooltipOf(column: Column, context: ChartContext): string {
  const { lang, theme } = context;
  const evidence =
    column.requests === null
      ? ''
      : `<div style="color:${INKS[theme].muted};margin-top:4px">${escapeMarkup(
          word(lang, 'evidence', { count: whole(column.requests, lang) }),
        )}</div>`;
  const lines = column.parts.map((part) =>
    line(
      safeColor(part.color),
      part.label,
      percent(part.share, lang) + intervalText(part.low, part.high, 'share', lang),
    ),
  );
  return `<div style="font-weight:600;margin-bottom:5px">${escapeMarkup(column.label)}</div>${lines.join('')}${evidence}`;
}
