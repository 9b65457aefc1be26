/** The legend inside a chart: wrapped rows whose height is known beforehand, so that nothing overlaps. */
import type { SeriesInfo } from '../exhibits/contract.ts';
import { type ChartContext, isNarrow } from './context.ts';
import { printable, safeColor } from './escape.ts';
import { fitText, textWidth } from './text-width.ts';
import { INKS, SANS } from './theme.ts';

const GAP = 16;
const ICON = 10;
const LINE = 21;
const MAX_ROWS = 6;

export interface LegendBox {
  top: number;
  height: number;
  fontSize: number;
  /** Series that found room; a chart of sixty series names the first ones and leaves the rest to the table. */
  shown: { key: string; text: string; x: number; row: number }[];
}

export function legendBox(drawn: readonly SeriesInfo[], context: ChartContext, top: number): LegendBox {
  const fontSize = isNarrow(context) ? 11 : 12;
  const room = context.width - 32;
  const shown: LegendBox['shown'] = [];
  let rows = 1;
  let x = 0;
  for (const each of drawn) {
    const text = fitText(each.label, fontSize, Math.min(220, room - ICON - 8));
    const width = ICON + 6 + textWidth(text, fontSize) * 1.06 + GAP;
    if (x > 0 && x + width > room) {
      if (rows === MAX_ROWS) break;
      rows += 1;
      x = 0;
    }
    shown.push({ key: each.key, text, x, row: rows - 1 });
    x += width;
  }
  return { top, height: shown.length === 0 ? 0 : rows * LINE, fontSize, shown };
}

export function legendOption(box: LegendBox | null, context: ChartContext) {
  if (!box || box.shown.length === 0) return { show: false };
  const texts = new Map(box.shown.map((each) => [each.key, each.text]));
  return {
    show: true,
    type: 'plain' as const,
    top: box.top,
    left: 16,
    right: 8,
    padding: 0,
    itemGap: GAP,
    itemWidth: ICON,
    itemHeight: ICON,
    icon: 'roundRect',
    data: box.shown.map((each) => each.key),
    formatter: (key: string) => texts.get(key) ?? key,
    textStyle: { color: INKS[context.theme].text, fontSize: box.fontSize, padding: [0, 0, 0, 1] },
  };
}

/** The same legend as shapes, for a picture of several charts that share it. */
export function legendShapes(
  box: LegendBox,
  series: readonly SeriesInfo[],
  context: ChartContext,
  left = 16,
) {
  const ink = INKS[context.theme];
  const infos = new Map(series.map((each) => [each.key, each]));
  return box.shown.flatMap(({ key, text, x, row }) => {
    const info = infos.get(key);
    const color = info?.unknown ? ink.unknown : info?.color[context.theme];
    const top = box.top + row * LINE;
    return [
      {
        type: 'rect' as const,
        silent: true,
        shape: { x: left + x, y: top + 2, width: ICON, height: ICON, r: 2 },
        style: { fill: safeColor(color ?? '') },
      },
      {
        type: 'text' as const,
        silent: true,
        x: left + x + ICON + 6,
        y: top + 1,
        style: { text: printable(text), font: `${box.fontSize}px ${SANS}`, fill: ink.text },
      },
    ];
  });
}
