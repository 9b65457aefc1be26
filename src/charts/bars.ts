import type { ExhibitResult, Row } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import type { ChartOption } from './echarts.ts';
import { escapeMarkup, safeColor } from './escape.ts';
import { formatValue } from './format.ts';
import { hatch } from './partial.ts';
import { fitText, textWidth } from './text-width.ts';
import { INKS, SANS } from './theme.ts';
import { line, tooltipFrame } from './tooltip.ts';
import { word } from './words.ts';

const MAX_BARS = 30;
const ROW = 27;

interface Bar {
  name: string;
  value: number;
  color: string;
  unknown: boolean;
}

/** Rows as bars, longest first, unknown last. */
function barsOf(result: ExhibitResult, context: ChartContext): Bar[] {
  const { label = 'series', value = 'value' } = result.chart;
  const bars = result.rows.flatMap((row): Bar[] => {
    const length = row[value];
    if (typeof length !== 'number' || !Number.isFinite(length)) return [];
    const info = seriesOf(result, row, label);
    const color = info?.color[context.theme] ?? INKS[context.theme].accent;
    const name = row[label] === null || row[label] === undefined ? '' : String(row[label]);
    return [{ name: name || (info?.label ?? '–'), value: length, color, unknown: info?.unknown === true }];
  });
  return bars.sort((a, b) => Number(a.unknown) - Number(b.unknown) || b.value - a.value);
}

function seriesOf(result: ExhibitResult, row: Row, label: string) {
  const cells = [row.series, row[label], ...Object.values(row)].filter((cell) => typeof cell === 'string');
  for (const cell of cells) {
    const info = result.series.find((each) => each.key === cell || each.label === cell);
    if (info) return info;
  }
  return undefined;
}

/** Pixels that the bars need. */
export function barsHeight(result: ExhibitResult): number {
  return Math.max(2, Math.min(MAX_BARS + 1, result.rows.length)) * ROW + 24;
}

/** One horizontal bar a row with its name on the left and its value at the end. */
export function bars(result: ExhibitResult, context: ChartContext): ChartOption {
  const ink = INKS[context.theme];
  const all = barsOf(result, context);
  const shown = all.slice(0, MAX_BARS);
  const font = isNarrow(context) ? 12 : 13;
  const insets = context.insets ?? { top: 0, bottom: 0 };
  const widest = Math.max(0, ...shown.map((bar) => textWidth(bar.name, font)));
  const left = Math.ceil(Math.min(widest + 18, context.width * (isNarrow(context) ? 0.42 : 0.3)));
  const values = shown.map((bar) => formatValue(bar.value, result.unit, context.lang));
  const right = Math.ceil(Math.max(24, ...values.map((text) => textWidth(text, font))) + 16);
  const more = all.length - shown.length;
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: SANS, color: ink.text },
    aria: { enabled: true, label: { enabled: false } },
    grid: { left, right, top: insets.top + 4, bottom: insets.bottom + (more > 0 ? 26 : 4) },
    legend: { show: false },
    tooltip: {
      ...tooltipFrame(context),
      trigger: 'item',
      formatter: (params: unknown) => {
        const bar = shown[(params as { dataIndex?: number }).dataIndex ?? -1];
        if (!bar) return '';
        return line(safeColor(bar.color), bar.name, formatValue(bar.value, result.unit, context.lang));
      },
    },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: shown.map((_, i) => i),
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: {
        interval: 0,
        margin: 9,
        color: ink.text,
        fontSize: font,
        formatter: (index: string) => fitText(shown[Number(index)]?.name ?? '', font, left - 14),
      },
    },
    series: [
      {
        type: 'bar',
        id: 'bars',
        name: escapeMarkup(result.title),
        barMaxWidth: 17,
        barCategoryGap: '34%',
        emphasis: { disabled: true },
        label: {
          show: true,
          position: 'right',
          distance: 7,
          color: ink.text,
          fontSize: font,
          formatter: (params: { dataIndex: number }) => values[params.dataIndex] ?? '',
        },
        data: shown.map((bar) => ({
          value: bar.value,
          itemStyle: {
            color: bar.color,
            borderRadius: [0, 2, 2, 0],
            decal: bar.unknown ? hatch(ink) : undefined,
          },
        })),
      },
    ],
    graphic:
      more > 0
        ? [
            {
              type: 'text',
              left,
              bottom: insets.bottom + 4,
              silent: true,
              style: {
                text: word(context.lang, 'more', { count: more }),
                fill: ink.muted,
                font: `12px ${SANS}`,
              },
            },
          ]
        : [],
  };
}
