import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { spaced } from './spacing.ts';

it.each([
  ['Anthropic以 62.9% 居首', 'Anthropic 以 62.9% 居首'],
  ['其次是Google（13.8%）', '其次是 Google（13.8%）'],
  ['从 4 个模型 到 67 个模型', '从 4 个模型到 67 个模型'],
  ['编程（综合） 32.9%', '编程（综合）32.9%'],
  ['分别为 80%和20%', '分别为 80% 和 20%'],
  ['2025年11月24日当周', '2025年11月24日当周'],
])('%s', (text, set) => {
  expect(spaced(text, 'zh')).toBe(set);
  expect(spaced(set, 'zh')).toBe(set);
  expect(spaced(text, 'en')).toBe(text);
});

it('the words of the admin page are set so, as they stand', () => {
  const file = readFileSync(new URL('./zh.json', import.meta.url), 'utf8');
  const texts = (tree: unknown): string[] =>
    typeof tree === 'string' ? [tree] : Object.values(tree as object).flatMap(texts);
  for (const text of texts((JSON.parse(file) as { admin: unknown }).admin)) {
    // What is put in may be Latin: it needs room unless a sign is beside it.
    const filled = text.replaceAll(/\{(\w+)\}/g, 'x');
    if (!filled.includes('{')) expect(spaced(filled, 'zh')).toBe(filled);
  }
});
