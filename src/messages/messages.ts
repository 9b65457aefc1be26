/** Visible text in the reader's language: one file a language, ICU messages, found by path. */
import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';

export type Lang = 'en' | 'zh';
export type Values = Record<string, string | number | null>;

interface Tree {
  [key: string]: string | Tree;
}

const trees: Record<Lang, Tree> = { en: read('en'), zh: read('zh') };
const formats = new Map<string, IntlMessageFormat>();
const LOCALES: Record<Lang, string> = { en: 'en-GB', zh: 'zh-CN' };

function read(lang: Lang): Tree {
  return JSON.parse(readFileSync(new URL(`./${lang}.json`, import.meta.url), 'utf8')) as Tree;
}

function find(lang: Lang, path: string): string | null {
  let node: string | Tree | undefined = trees[lang];
  for (const key of path.split('.')) {
    if (typeof node !== 'object' || !Object.hasOwn(node, key)) return null;
    node = node[key];
  }
  return typeof node === 'string' ? node : null;
}

/** null when neither the language nor English has the message. */
export function messageOrNull(lang: Lang, path: string, values: Values = {}): string | null {
  const text = find(lang, path) ?? find('en', path);
  if (text === null) return null;
  const key = `${lang} ${path}`;
  const format =
    formats.get(key) ?? new IntlMessageFormat(text, LOCALES[lang], undefined, { ignoreTag: true });
  formats.set(key, format);
  return String(format.format(values));
}

/** The message, or its path where it is missing, so that a gap is seen. */
export const message = (lang: Lang, path: string, values: Values = {}): string =>
  messageOrNull(lang, path, values) ?? path;
