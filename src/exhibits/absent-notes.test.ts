import { expect, test } from 'vitest';
import { absentNotes } from './absent-notes.ts';

const known = ['anthropic', 'deepseek', 'google', 'unknown', 'x-ai', 'qwen', 'openai'];
const noteOf = (value: string, lang: 'en' | 'zh' = 'en') =>
  absentNotes([{ filter: 'author', value, known }], lang)[0];

test('names what begins like it first, then the most used, and never what nobody states', () => {
  expect(noteOf('openia')).toBe(
    'No author of this dataset is called “openia”. There are, for example, openai, anthropic, deepseek, google and x-ai.',
  );
  expect(noteOf('openia', 'zh')).toContain('没有名为“openia”的作者');
});

test('several values in one are told apart, where all of them occur', () => {
  expect(noteOf('OpenAI, google')).toBe(
    '“OpenAI, google” is taken for one author. Give each by itself: author=OpenAI and author=google.',
  );
  expect(noteOf('openai,nobody')).toMatch(/^No author of this dataset is called “openai,nobody”/);
});

test('a value without end is cut, one where nothing else occurs stands alone', () => {
  expect(noteOf('x'.repeat(1e6))?.length).toBeLessThan(300);
  expect(absentNotes([{ filter: 'app', value: 'cli', known: ['unknown'] }], 'en')).toEqual([
    'No app of this dataset is called “cli”.',
  ]);
});
