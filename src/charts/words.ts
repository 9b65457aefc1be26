/** The few words that charts say themselves, from the message files under `web.chart`. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Unit } from '../exhibits/contract.ts';
import en from '../messages/en.json' with { type: 'json' };
import zh from '../messages/zh.json' with { type: 'json' };
import type { Lang } from './context.ts';

const WORDS = { en: en.web.chart, zh: zh.web.chart };
export type Word = keyof typeof en.web.chart;

export function word(lang: Lang, name: Word, values: Record<string, string | number> = {}): string {
  const format = new IntlMessageFormat(WORDS[lang][name], lang, undefined, { ignoreTag: true });
  return String(format.format(values));
}

/** What an axis of the unit measures. */
export const unitName = (lang: Lang, unit: Unit): string => word(lang, `unit_${unit}`);

type Quadrants = { quadrants?: Record<string, string> };
const QUADRANTS = { en: (en as Quadrants).quadrants, zh: (zh as Quadrants).quadrants };

/** The name of a scatter's quadrant; an id without a message is its own name. */
export const quadrantName = (lang: Lang, id: string): string =>
  QUADRANTS[lang]?.[id] ?? QUADRANTS.en?.[id] ?? id.replaceAll('-', ' ');

const FILTERS = { en: en.web.filters, zh: zh.web.filters };

/** A filter in words, "Country: DE or US"; a name that nobody translates stands for itself. */
export function filterWords(lang: Lang, key: string, values: readonly string[]): string {
  const { keys, values: known } = FILTERS[lang] as {
    keys: Record<string, string>;
    values: Record<string, Record<string, string>>;
  };
  const names = known[key] ?? {};
  const said = values.map((value) => {
    const plain = value.toLowerCase();
    return (Object.hasOwn(names, plain) ? names[plain] : null) ?? value;
  });
  const list = new Intl.ListFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { type: 'disjunction' }).format(said);
  return `${keys[key] ?? key}${lang === 'zh' ? '：' : ': '}${list}`;
}
