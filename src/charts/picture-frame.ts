/** Title above and source line below a picture. Their heights are known before the chart is drawn between them. */
import type { ExhibitResult } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import { formatDays } from './format.ts';
import { textWidth, wrapText } from './text-width.ts';
import { INKS, SANS, SERIF } from './theme.ts';
import { filterWords, word } from './words.ts';

export interface TextBlock {
  lines: string[];
  y: number;
  font: string;
  fill: string;
  lineHeight: number;
  x?: number;
}

export const MARGIN = 16;
/** Of the source line; many filters take several. */
const MOST_LINES = 8;

export function header(result: ExhibitResult, context: ChartContext): { texts: TextBlock[]; height: number } {
  const ink = INKS[context.theme];
  const size = isNarrow(context) ? 18 : 22;
  const badge = result.simulated ? word(context.lang, 'simulated').toUpperCase() : '';
  const badgeWidth = badge === '' ? 0 : textWidth(badge, 11) + 14;
  const room = context.width - 2 * MARGIN - badgeWidth;
  const title = wrapText(`${result.id}  ${result.title}`, size, room, 2);
  const [panel, ...others] = result.panels;
  const about = panel && others.length === 0 ? `${panel.label} · ${result.subtitle}` : result.subtitle;
  const subtitle = wrapText(about, 13, context.width - 2 * MARGIN, 2);
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

/** What `sourceLine` tells of. */
type Sourced = Pick<ExhibitResult, 'dataset' | 'kind' | 'periods' | 'simulated' | 'calibrated'> & {
  provenance: { filters: Omit<ExhibitResult['provenance']['filters'], 'grain'> };
  /** What the reader left out of the picture. */
  hidden?: readonly string[];
};

/** Where the numbers of a picture come from, what they were narrowed to, and what its marks mean: a picture leaves the page. */
export function sourceLine(result: Sourced, lang: ChartContext['lang']): string {
  const first = result.periods[0]?.period;
  const last = result.periods.at(-1)?.period;
  const parts = ['StateAI', word(lang, 'dataset', { name: result.dataset })];
  const { from, to, where } = result.provenance.filters;
  if (first && last) parts.push(word(lang, 'span', { days: formatDays(first, last, lang) }));
  if (from !== null || to !== null) parts.push(word(lang, 'chosen', { days: formatDays(from, to, lang) }));
  const only = Object.entries(where).map(([key, values]) => filterWords(lang, key, values));
  if (only.length > 0) parts.push(word(lang, 'only', { filters: only.join(lang === 'zh' ? '；' : '; ') }));
  if (result.hidden?.length)
    parts.push(word(lang, 'notDrawn', { names: result.hidden.join(lang === 'zh' ? '、' : ', ') }));
  if (result.simulated) parts.push(word(lang, result.calibrated ? 'simulatedFull' : 'simulated'));
  if (result.kind === 'series' && result.periods.some((each) => each.partial))
    parts.push(word(lang, 'partialMark'));
  return parts.join('  ·  ');
}

/** `y` of the texts counts from the footer's own top. */
export function footer(result: ExhibitResult, context: ChartContext): { texts: TextBlock[]; height: number } {
  const lines = wrapText(sourceLine(result, context.lang), 11, context.width - 2 * MARGIN, MOST_LINES);
  const text = { lines, y: 6, font: `11px ${SANS}`, fill: INKS[context.theme].muted, lineHeight: 15 };
  return { texts: [text], height: lines.length * 15 + 16 };
}

/** Why there is no chart, one sentence a line. */
export function emptyText(result: ExhibitResult, context: ChartContext, top: number): TextBlock[] {
  const sentences =
    result.lacking.length > 0
      ? result.lacking.map((each) => each.sentence)
      : [result.notes[0] ?? word(context.lang, 'noData')];
  const lines = sentences.flatMap((each) => wrapText(each, 14, context.width - 2 * MARGIN, 4));
  return [{ lines, y: top + 24, font: `14px ${SANS}`, fill: INKS[context.theme].muted, lineHeight: 22 }];
}

export const textShape = (block: TextBlock) => ({
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
});
