/** Names of countries in the reader’s language. */
import type { Lang } from './view.ts';

/** A country as the language calls it, with its code; any other text unchanged. */
export function countryName(code: string, lang: Lang): string {
  if (!/^[a-z]{2}$/i.test(code)) return code;
  try {
    const name = new Intl.DisplayNames(lang === 'zh' ? 'zh-CN' : 'en', { type: 'region' }).of(
      code.toUpperCase(),
    );
    return name && name !== code.toUpperCase() ? `${name} (${code.toUpperCase()})` : code;
  } catch {
    return code;
  }
}
