/** A result as a finished SVG picture: title, chart, legend, source line. No DOM, nothing from the network. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { chartOption } from './chart-option.ts';
import { type ChartContext, isNarrow, type Theme } from './context.ts';
import { type ChartOption, echarts } from './echarts.ts';
import { escapeMarkup, printable } from './escape.ts';
import { formatDay } from './format.ts';
import { hasRows } from './has-rows.ts';
import { textWidth, wrapText } from './text-width.ts';
import { INKS, SANS, SERIF } from './theme.ts';
import { word } from './words.ts';

export interface PictureContext extends ChartContext {
  height: number;
}

interface TextBlock {
  lines: string[];
  y: number;
  font: string;
  fill: string;
  lineHeight: number;
  x?: number;
}

const MARGIN = 16;

export function renderSvg(result: ExhibitResult, context: PictureContext): string {
  const ink = INKS[context.theme];
  const head = header(result, context);
  const foot = footer(result, context);
  const insets = { top: head.height, bottom: foot.height };
  const texts = [...head.texts, ...foot.texts];
  let option: ChartOption = { animation: false, graphic: [] };
  if (hasRows(result)) option = chartOption(result, { ...context, legend: context.legend ?? true, insets });
  else texts.push(...emptyText(result, context, head.height));
  const graphic = [
    ...(Array.isArray(option.graphic) ? option.graphic : []),
    ...texts.map((block) => ({
      type: 'text' as const,
      x: block.x ?? MARGIN,
      y: block.y,
      silent: true,
      style: {
        text: block.lines.join('\n'),
        font: block.font,
        fill: block.fill,
        lineHeight: block.lineHeight,
      },
    })),
  ];
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: context.width,
    height: context.height,
  });
  try {
    chart.setOption({
      ...option,
      backgroundColor: ink.paper,
      graphic,
      tooltip: { show: false },
    } as ChartOption);
    return finish(chart.renderToSVGString(), result, context.theme);
  } finally {
    chart.dispose();
  }
}

function header(result: ExhibitResult, context: ChartContext): { texts: TextBlock[]; height: number } {
  const ink = INKS[context.theme];
  const size = isNarrow(context) ? 18 : 22;
  const badge = result.simulated ? word(context.lang, 'simulated').toUpperCase() : '';
  const badgeWidth = badge === '' ? 0 : textWidth(badge, 11) + 14;
  const room = context.width - 2 * MARGIN - badgeWidth;
  const title = wrapText(`${result.id}  ${result.title}`, size, room, 2);
  const subtitle = wrapText(result.subtitle, 13, context.width - 2 * MARGIN, 2);
  const titleHeight = title.length * (size + 5);
  const texts: TextBlock[] = [
    { lines: title, y: 14, font: `600 ${size}px ${SERIF}`, fill: ink.text, lineHeight: size + 5 },
    { lines: subtitle, y: 18 + titleHeight, font: `13px ${SANS}`, fill: ink.muted, lineHeight: 18 },
  ];
  if (badge !== '')
    texts.push({
      lines: [badge],
      x: context.width - MARGIN - badgeWidth + 8,
      y: 19,
      font: `600 11px ${SANS}`,
      fill: context.theme === 'light' ? '#9a5b00' : '#f2b45c',
      lineHeight: 14,
    });
  return { texts, height: 18 + titleHeight + subtitle.length * 18 + 14 };
}

function footer(result: ExhibitResult, context: PictureContext): { texts: TextBlock[]; height: number } {
  const ink = INKS[context.theme];
  const first = result.periods[0]?.period;
  const last = result.periods.at(-1)?.period;
  const span =
    first && last
      ? [
          word(context.lang, 'span', {
            first: formatDay(first, context.lang),
            last: formatDay(last, context.lang),
          }),
        ]
      : [];
  const parts = ['StateAI', word(context.lang, 'dataset', { name: result.dataset }), ...span];
  if (result.simulated) parts.push(word(context.lang, 'simulated'));
  const faded = result.chart.type !== 'bars' && result.periods.some((each) => each.partial);
  if (faded) parts.push(word(context.lang, 'partialMark'));
  const lines = wrapText(parts.join('  ·  '), 11, context.width - 2 * MARGIN, 2);
  const height = lines.length * 15 + 16;
  return {
    texts: [
      {
        lines,
        y: context.height - height + 6,
        font: `11px ${SANS}`,
        fill: ink.muted,
        lineHeight: 15,
      },
    ],
    height,
  };
}

function emptyText(result: ExhibitResult, context: ChartContext, top: number): TextBlock[] {
  const sentences =
    result.lacking.length > 0
      ? result.lacking.map((each) => each.sentence)
      : [result.notes[0] ?? word(context.lang, 'noData')];
  const lines = sentences.flatMap((each) => wrapText(each, 14, context.width - 2 * MARGIN, 4));
  return [{ lines, y: top + 24, font: `14px ${SANS}`, fill: INKS[context.theme].muted, lineHeight: 22 }];
}

/** Describes the picture, and gives its ids names of its own: the same rows always make the same bytes. */
function finish(svg: string, result: ExhibitResult, theme: Theme): string {
  const label = escapeMarkup([result.title, result.statement].filter(Boolean).join('. '));
  const prefix = `${result.id.replaceAll(/[^\w-]/g, '')}-${theme}-`;
  const names = new Map<string, string>();
  return printable(svg)
    .replaceAll(/\bzr\d+-(cls-|[a-z])\d+\b/g, (name, kind: string) => {
      const known = names.get(name) ?? `${prefix}${kind}${names.size}`;
      names.set(name, known);
      return known;
    })
    .replace(/<svg /, `<svg role="img" aria-label="${label}" `);
}
