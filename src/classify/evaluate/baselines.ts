/** What the embedded model is compared with: simple classifiers that are made from the same seeds or the same lexicon. */
import { createRequire } from 'node:module';
import { CATEGORIES } from '../categories.ts';
import { createFeatures } from '../features.ts';
import type { Seed } from '../train/seeds.ts';

export type Baseline = (text: string) => string;

/** The category with most words of the lexicon in the text; none = other. */
export function lexiconBaseline(): Baseline {
  const features = createFeatures(() => -1);
  return (text) => {
    const counts = [...features.of(text).lexicon];
    const most = Math.max(...counts);
    return most === 0 ? 'other' : (CATEGORIES[counts.indexOf(most)] ?? 'other');
  };
}

interface NaiveBayes {
  definePrepTasks(tasks: ((text: string) => string[])[]): void;
  defineConfig(config: { considerOnlyPresence: boolean; smoothingFactor: number }): boolean;
  learn(text: string, label: string): boolean;
  consolidate(): boolean;
  predict(text: string): string;
}

/** Multinomial naive Bayes of wink-naive-bayes-text-classifier, on words (pairs of characters where none are spaced). */
export function naiveBayesBaseline(seeds: readonly Seed[]): Baseline {
  const make = createRequire(import.meta.url)('wink-naive-bayes-text-classifier') as () => NaiveBayes;
  const model = make();
  model.definePrepTasks([tokensOf]);
  model.defineConfig({ considerOnlyPresence: false, smoothingFactor: 1 });
  for (const { text, category } of seeds)
    if (tokensOf(text).length > 0) model.learn(text, CATEGORIES[category] ?? 'other');
  model.consolidate();
  return (text) => (tokensOf(text).length > 0 ? model.predict(text) : 'other');
}

function tokensOf(text: string): string[] {
  const words =
    text
      .slice(0, 1000)
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.flatMap((word) =>
    /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(word) && word.length > 2
      ? Array.from({ length: word.length - 1 }, (_, i) => word.slice(i, i + 2))
      : [word],
  );
}
