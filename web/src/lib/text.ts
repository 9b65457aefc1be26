/** The page's words in the reader's language. */
import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, useContext, useMemo } from 'react';
import { LOCALES } from '../../../src/charts/format.ts';
import en from '../../../src/messages/en.json' with { type: 'json' };
import zh from '../../../src/messages/zh.json' with { type: 'json' };
import type { Lang } from './view.ts';

export type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}`;
}[keyof T & string];
export type TextKey = Leaves<typeof en.web>;
export type Values = Record<string, string | number>;

/** The words of the admin page, which come with its own chunk. */
export type AdminMessages = typeof en.admin;
/** The same of the page of doors. */
export type DoorsMessages = typeof en.doors;

function find(tree: unknown, path: string): string | undefined {
  let node = tree;
  for (const key of path.split('.')) node = (node as Record<string, unknown> | undefined)?.[key];
  return typeof node === 'string' ? node : undefined;
}

/** Speaks the messages of one tree a language; what a language lacks is said in English. */
export function speaker<Key extends string>(trees: Record<Lang, unknown>) {
  const formats = new Map<string, IntlMessageFormat>();
  return (lang: Lang, path: Key, values: Values = {}): string => {
    const key = `${lang} ${path}`;
    const source = find(trees[lang], path) ?? find(trees.en, path) ?? path;
    // Most messages are their own words; taking them for formats would be a tenth of a page's start.
    if (!/[{}']/.test(source)) return source;
    const format =
      formats.get(key) ?? new IntlMessageFormat(source, LOCALES[lang], undefined, { ignoreTag: true });
    formats.set(key, format);
    return String(format.format(values));
  };
}

export const text = speaker<TextKey>({ en: en.web, zh: zh.web });

export const LangContext = createContext<Lang>('en');

export function useText() {
  const lang = useContext(LangContext);
  return useMemo(() => ({ lang, t: (path: TextKey, values?: Values) => text(lang, path, values) }), [lang]);
}

/** The browser's own wish, for an address that names no language. */
export const browserLang = (): Lang =>
  navigator.languages.some((each) => each.toLowerCase().startsWith('zh')) &&
  !navigator.languages[0]?.toLowerCase().startsWith('en')
    ? 'zh'
    : 'en';
