/** The few words that charts say themselves, from the message files under `web.chart`. */
import { IntlMessageFormat } from 'intl-messageformat';
import en from '../messages/en.json' with { type: 'json' };
import zh from '../messages/zh.json' with { type: 'json' };
import type { Lang } from './context.ts';

const WORDS = { en: en.web.chart, zh: zh.web.chart };
export type Word = keyof typeof en.web.chart;

export function word(lang: Lang, name: Word, values: Record<string, string | number> = {}): string {
  const format = new IntlMessageFormat(WORDS[lang][name], lang, undefined, { ignoreTag: true });
  return String(format.format(values));
}
