/** Countries by ISO 3166-1 alpha-2 code, named as the reader's language does. */
import { CONTINENT_OF } from '../../../src/catalog/regions.ts';
import { LOCALES } from '../../../src/charts/format.ts';
import type { Lang } from '../lib/view.ts';

export const countryName = (code: string, lang: Lang): string => {
  try {
    return new Intl.DisplayNames(LOCALES[lang], { type: 'region' }).of(code) ?? code;
  } catch {
    return code;
  }
};

/** All of them by name, and `also` in case it is none of them. */
export function countries(lang: Lang, also: string | null): { code: string; name: string }[] {
  return [...new Set([...CONTINENT_OF.keys(), ...(also ? [also] : [])])]
    .map((code) => ({ code, name: countryName(code, lang) }))
    .sort((a, b) => a.name.localeCompare(b.name, LOCALES[lang]));
}
