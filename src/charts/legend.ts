/** The legend inside a chart: wrapped rows whose height is known beforehand, so that nothing overlaps. */
import { type ChartContext, isNarrow } from './context.ts';
import type { Drawn } from './pivot.ts';
import { fitText, textWidth } from './text-width.ts';
import { INKS } from './theme.ts';

const GAP = 16;
const ICON = 10;
const LINE = 21;
const MAX_ROWS = 6;

export interface LegendBox {
  top: number;
  height: number;
  fontSize: number;
  /** Series that found room; a chart of sixty series names the first ones and leaves the rest to the table. */
  shown: { key: string; text: string }[];
}

export function legendBox(drawn: Drawn[], context: ChartContext, top: number): LegendBox {
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
    x += width;
    shown.push({ key: each.key, text });
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
