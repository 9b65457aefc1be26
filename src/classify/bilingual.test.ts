import { expect, it } from 'vitest';
import { BILINGUAL_TEXT, englishOf } from './bilingual.ts';
import { wordHash } from './vocabulary.ts';

const LANGUAGES = 15;

it.each([
  ['翻译', 'translate'],
  ['レシピ', 'recipe'],
  ['แปล', 'translate'],
  ['الطبيب', 'doctor'],
  ['código', 'code'],
])('reads %s as “%s”', (word, english) => {
  expect(englishOf(wordHash(word), false)).toBe(wordHash(english));
});

it('leaves English words what they are, and knows nothing of others', () => {
  expect(englishOf(wordHash('data'), false)).toBe(wordHash('data'));
  expect(englishOf(wordHash('xyzzy'), false)).toBe(0);
});

it('every line has its languages, and no English word has two lines', () => {
  const lines = BILINGUAL_TEXT.trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split('|'));
  expect(lines.filter((l) => l.length !== LANGUAGES + 1).map(([word]) => word)).toEqual([]);
  expect(new Set(lines.map(([word]) => word)).size).toBe(lines.length);
});
