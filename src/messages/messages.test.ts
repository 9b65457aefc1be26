import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, it } from 'vitest';

interface Tree {
  [key: string]: string | Tree;
}
const read = (lang: string) =>
  JSON.parse(readFileSync(new URL(`./${lang}.json`, import.meta.url), 'utf8')) as Tree;
const paths = (tree: Tree, at = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${at}${key}`, value]] : paths(value, `${at}${key}.`),
  );

it('both languages say the same things, with the same values', () => {
  const [en, zh] = [new Map(paths(read('en'))), new Map(paths(read('zh')))];
  expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  for (const [path, text] of zh) {
    new IntlMessageFormat(text, 'zh-CN', undefined, { ignoreTag: true });
    const named = (t: string) => new Set([...t.matchAll(/\{(\w+)/g)].map((m) => m[1]));
    for (const value of named(text)) expect(named(en.get(path) ?? ''), path).toContain(value);
  }
});
