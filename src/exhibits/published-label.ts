/** What a printed number is about, in the reader's language: "Google: Programming · end". */
import type { Catalog } from '../catalog/contract.ts';
import { type Lang, message, messageOrNull } from '../messages/messages.ts';
import { languageName, periodName } from './amounts.ts';
import type { Exhibit, Published } from './define.ts';
import { keyLabel } from './series.ts';

export function publishedLabel(exhibit: Exhibit, p: Published, catalog: Catalog, lang: Lang): string {
  const keys = typeof p.series === 'string' ? [p.series] : p.series;
  const stat = p.stat === 'mean' && p.at ? momentName(p.at, lang) : message(lang, `published.${p.stat}`);
  const cohort = p.cohort ? [message(lang, 'published.cohort', { month: momentName(p.cohort, lang) })] : [];
  const age = p.age !== undefined ? [message(lang, 'published.age', { age: p.age })] : [];
  const panel = p.panel !== undefined && p.panel !== p.series ? panelName(exhibit, p.panel, catalog, lang) : '';
  const names = keys.map((key) => seriesName(exhibit, key, catalog, lang));
  const series =
    p.stat === 'order'
      ? names.join(', ')
      : p.stat === 'ratio'
        ? names.join(' ÷ ')
        : p.stat === 'fact'
          ? ''
          : [...new Set(names)].join(' + ');
  const subject = p.stat === 'largest' || p.stat === 'fact' ? [] : [series];
  const about = p.stat === 'fact' ? message(lang, `columns.${keys[0]}`) : stat;
  const text = [...subject, ...cohort, ...age, about].join(' · ');
  return panel ? message(lang, 'published.in-panel', { panel, text }) : text;
}

function panelName(exhibit: Exhibit, panel: string, catalog: Catalog, lang: Lang): string {
  const segment = exhibit.kind === 'table' ? messageOrNull(lang, `quadrants.${panel}`) : null;
  return segment ?? keyLabel(exhibit.panelKind ?? 'message', panel, catalog, lang);
}

function seriesName(exhibit: Exhibit, key: string, catalog: Catalog, lang: Lang): string {
  if (key === '*') return message(lang, 'series.largest');
  if (exhibit.columns?.includes('language') && key !== 'other') return languageName(key, lang);
  return keyLabel(exhibit.seriesKind, key, catalog, lang);
}

/** A month, a week by its Monday, or a span of them. */
function momentName(at: string, lang: Lang): string {
  return at
    .split('/')
    .map((moment) => periodName(moment, moment.length === 7 ? 'month' : 'week', lang))
    .join(' – ');
}
