import { expect, it } from 'vitest';
import { bilingualText, openBilingual } from './bilingual.ts';
import { wordHash } from './word-hash.ts';

const LANGUAGES = 19;
const englishOf = openBilingual();

it.each([
  ['翻译', 'translate'],
  ['レシピ', 'recipe'],
  ['แปล', 'translate'],
  ['الطبيب', 'doctor'],
  ['والطبيب', 'doctor'],
  ['للطبيب', 'doctor'],
  ['پزشکان', 'doctors'],
  ['código', 'code'],
])('reads %s as “%s”', (word, english) => {
  expect(englishOf(wordHash(word), false)).toBe(wordHash(english));
});

it('leaves English words what they are, and knows nothing of others', () => {
  expect(englishOf(wordHash('data'), false)).toBe(wordHash('data'));
  expect(englishOf(wordHash('xyzzy'), false)).toBe(0);
});

it('finds long entries of scripts without spaces by their beginning, as far as the features look', () => {
  expect(englishOf(wordHash('インターネット'.slice(0, 6)), false)).toBe(wordHash('internet'));
  expect(englishOf(wordHash('คอมพิวเตอร์'.slice(0, 10)), false)).toBe(wordHash('computer'));
});

it('reads Traditional Chinese like Simplified', () => {
  expect(englishOf(wordHash('翻譯'), false)).toBe(wordHash('translate'));
  expect(englishOf(wordHash('醫院'), false)).toBe(wordHash('hospital'));
});

// Accents are folded: a short word of one language is often a small word of another.
it.each(['para', 'bien', 'vous', 'sei', 'cho', 'của', 'ile'])('leaves the small word “%s” alone', (word) => {
  const english = englishOf(wordHash(word), false);
  expect([0, wordHash('you')]).toContain(english);
});

it('no entry has what cannot match: stars or blanks in scripts without spaces, three words, a star in a pair', () => {
  const dead = bilingualText()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => line.split('|'))
    .filter((column) => column !== '')
    .flatMap((column) => column.split(','))
    .filter((e) =>
      /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}].*[ *]| .* | .*\*|^$|[-'.]/u.test(e),
    );
  expect(dead).toEqual([]);
});

it('every line has its languages, and no English word has two lines', () => {
  const lines = bilingualText()
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split('|'));
  expect(lines.filter((l) => l.length !== LANGUAGES + 1).map(([word]) => word)).toEqual([]);
  expect(new Set(lines.map(([word]) => word)).size).toBe(lines.length);
});
