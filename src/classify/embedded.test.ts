import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CATEGORIES } from './categories.ts';
import { embeddedModel, ROOTS } from './embedded.ts';
import { readModel } from './model-file.ts';
import { loadRollup } from './rollup.ts';
import { prepare } from './train/build.ts';
import { readSeeds } from './train/seeds.ts';

const model = embeddedModel();
const rollup = loadRollup();
const categoryOf = (text: string) => rollup.resolve(model.predict(text).labels[0]?.path ?? null).category;

it('is made from the seeds, lexicon and settings that are there (else: node scripts/train-classifier.ts)', () => {
  expect(prepare(readSeeds().seeds).madeFrom).toBe(readModel().facts.madeFrom);
});

it('the report and the confusion are of this model (else: node scripts/classifier-report.ts)', () => {
  const at = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  expect(at('../../docs/classifier.md')).toContain(`\`${model.id}\``);
  expect(JSON.parse(at('model/confusion.json')).classifier).toBe(model.id);
});

it('seeds lie where the roll-up puts their paths, and none is twice in one category', () => {
  const { seeds } = readSeeds();
  const astray = seeds.filter((s) => rollup.resolve(s.path).category !== CATEGORIES[s.category]);
  expect(astray.map((s) => s.path)).toEqual([]);
  expect(new Set(seeds.map((s) => `${s.category} ${s.text}`)).size).toBe(seeds.length);
  expect(new Set(seeds.map((s) => s.category)).size).toBe(CATEGORIES.length);
});

it('every path that it may answer lies in its category', () => {
  const { paths, categories } = readModel().facts;
  for (const { path, category } of paths) expect(rollup.resolve(path).category).toBe(categories[category]);
  for (const [category, path] of Object.entries(ROOTS)) expect(rollup.resolve(path).category).toBe(category);
});

it.each([
  ['Write a Python function that parses ISO dates and add unit tests with pytest', 'programming'],
  ['Why does my React component re-render twice? const [state, setState] = useState()', 'programming'],
  ['这段 Python 代码报错了，帮我调试一下', 'programming'],
  ['Напиши функцию на JavaScript, которая сортирует массив', 'programming'],
  ['Translate the following sentence into French: I will be late tomorrow', 'translation'],
  ['把这句话翻译成英文：明天见', 'translation'],
  ['I have had a headache and fever for three days, which medicine should I take?', 'health'],
  ['Draft a non-disclosure agreement clause under Delaware law', 'legal'],
])('“%s” is %s', (text, category) => {
  expect(categoryOf(text)).toBe(category);
});

it.each(['', '   ', '!!!', '\u0000', '∆∇'])('has no label for “%s”', (text) => {
  expect(model.predict(text).labels).toEqual([]);
});

it('says the same of a text, whatever came before it', () => {
  for (const text of ['懰cO', '쪿\u0000㐚㞝', '寗ky']) {
    model.predict('文学作品');
    const { labels } = model.predict(text);
    expect(model.predict(text).labels).toEqual(labels);
  }
});

it('answers paths of the taxonomy with a confidence from 0.5 to 1, the surest first, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1500 }), (text) => {
      const { labels } = model.predict(text);
      for (const [i, { path, confidence }] of labels.entries()) {
        expect(path).toMatch(/^\/\w/);
        expect(confidence).toBeGreaterThanOrEqual(0.5);
        expect(confidence).toBeLessThanOrEqual(labels[i - 1]?.confidence ?? 1);
      }
      expect(model.predict(text).labels).toEqual(labels);
    }),
  );
});
