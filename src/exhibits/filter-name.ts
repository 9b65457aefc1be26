/** What a filter is called in a sentence. */
import { type Lang, messageOrNull } from '../messages/messages.ts';

/** Commands are in English, and there a filter is called as it is typed. */
export function filterName(filter: string, lang: Lang): string {
  const name = lang === 'en' ? null : messageOrNull(lang, `web.filters.keys.${filter}`);
  return name === null ? filter : `${name}（${filter}）`;
}
