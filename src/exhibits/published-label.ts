/** What a printed number is about, in the reader's language: "Google: Programming · end". */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { languageName, periodName } from './amounts.ts';
import type { Exhibit, Published } from './define.ts';
import { keyLabel } from './series.ts';

/** How the keys of a printed number are called. */
export interface Names {
  series(key: string): string;
  panel(key: string): string;
}

export function publishedLabel(p: Published, names: Names, lang: Lang): string {
  const keys = typeof p.series === 'string' ? [p.series] : p.series;
  const parts = [
    ...(p.stat === 'largest' || p.stat === 'fact' ? [] : [seriesText(p, keys, names)]),
    ...(p.cohort ? [message(lang, 'published.cohort', { month: momentName(p.cohort, lang) })] : []),
    ...(p.age !== undefined ? [message(lang, 'published.age', { age: p.age })] : []),
    statText(p, keys, lang),
  ];
  const text = parts.join(' · ');
  if (p.panel === undefined || p.panel === p.series) return text;
  return message(lang, 'published.in-panel', { panel: names.panel(p.panel), text });
}

function seriesText(p: Published, keys: readonly string[], names: Names): string {
  const labels = [...new Set(keys.map((key) => names.series(key)))];
  return labels.join(p.stat === 'order' ? ', ' : p.stat === 'ratio' ? ' ÷ ' : ' + ');
}

function statText(p: Published, keys: readonly string[], lang: Lang): string {
  if (p.stat === 'fact') return message(lang, `columns.${keys[0]}`);
  return p.stat === 'mean' && p.at ? momentName(p.at, lang) : message(lang, `published.${p.stat}`);
}

/** Names as the catalog and the message files have them. */
export function catalogNames(exhibit: Exhibit, catalog: Catalog, lang: Lang): Names {
  return {
    series(key) {
      if (key === '*') return message(lang, 'series.largest');
      if (exhibit.columns?.includes('language') && key !== 'other') return languageName(key, lang);
      return keyLabel(exhibit.seriesKind, key, catalog, lang);
    },
    panel: (key) =>
      messageOrNull(lang, `quadrants.${key}`) ?? keyLabel(exhibit.panelKind ?? 'message', key, catalog, lang),
  };
}

/** A month, a week by its Monday, or a span of them. */
function momentName(at: string, lang: Lang): string {
  return at
    .split('/')
    .map((moment) => periodName(moment, moment.length === 7 ? 'month' : 'week', lang))
    .join(' – ');
}
