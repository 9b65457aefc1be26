/** Seeds as examples for the regression: their features, and behind these the mean of their words' vectors. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CATEGORIES } from '../categories.ts';
import { createFeatures, ROWS } from '../features.ts';
import { vocabularyOf } from '../vocabulary.ts';
import { wordHash } from '../word-hash.ts';
import type { Example } from './regression.ts';
import type { Seed } from './seeds.ts';

export interface WordVectors {
  hashes: Int32Array;
  /** words × dimensions, weighted: frequent words say little. */
  vectors: Float32Array;
  dimensions: number;
}

/** The weight of a word falls with how frequent it is (a / (a + p), "smooth inverse frequency"). */
const SIF = 1e-3;

/** One step of half a byte in `word-vectors.bin`: there a dimension has the size 1 / 0.4 on average. */
const STEP = 0.4 / 10;

/** English word vectors: `word-vectors.txt`, the most frequent word first, and half a byte a dimension. */
export function readWordVectors(): WordVectors {
  const at = (name: string) => new URL(name, import.meta.url);
  const words = readFileSync(at('word-vectors.txt'), 'utf8').trimEnd().split('\n');
  const file = readFileSync(at('word-vectors.bin'));
  const dimensions = (file.length * 2) / words.length;
  const vectors = new Float32Array(words.length * dimensions);
  for (const word of words.keys()) {
    // Zipf's law gives the frequency of a word by its rank.
    const weight = STEP * (SIF / (SIF + 1 / (9 * (word + 10))));
    for (let i = word * dimensions; i < (word + 1) * dimensions; i++) {
      const byte = file[i >> 1] ?? 0;
      const level = (i % 2 === 0 ? byte << 28 : byte << 24) >> 28;
      vectors[i] = level * weight;
    }
  }
  return { hashes: Int32Array.from(words, wordHash), vectors, dimensions };
}

export interface Scales {
  /** What a dense feature and the mean of the vectors count for beside the hashed features. */
  dense: number;
  vectors: number;
  /** The power of the guessed shares that the categories weigh by: 0 = all the same, 1 = by their shares. */
  prior: number;
}

/** Roughly what people talk to models about, in hundredths, by general knowledge; not measured on anything. */
const SHARES: Readonly<Record<(typeof CATEGORIES)[number], number>> = {
  programming: 16,
  roleplay: 6,
  translation: 5,
  trivia: 8,
  productivity: 10,
  education: 5,
  literature: 13,
  adult: 2,
  technology: 5,
  science: 6,
  health: 3,
  finance: 2,
  legal: 2,
  academia: 3,
  marketing: 4,
  seo: 1,
  other: 13,
};

/** Of two people who label prompts by such categories, how often they agree, where κ says how far beyond chance. */
export function agreementAt(kappa: number): number {
  const chance = priorsOf(1).reduce((sum, share) => sum + share ** 2, 0);
  return chance + kappa * (1 - chance);
}

function priorsOf(power: number): number[] {
  const weights = CATEGORIES.map((category) => SHARES[category] ** power);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

export function examplesOf(seeds: readonly Seed[], words: WordVectors, scales: Scales): Example[] {
  const { dimensions, vectors } = words;
  const features = createFeatures(vocabularyOf(words.hashes).of);
  const priors = priorsOf(scales.prior);
  const sizes = new Map<number, number>();
  for (const { category } of seeds) sizes.set(category, (sizes.get(category) ?? 0) + 1);
  return seeds.map(({ text, category }) => {
    const found = features.of(text);
    const rows = new Uint32Array(found.count + dimensions);
    const values = new Float32Array(found.count + dimensions);
    rows.set(found.rows.subarray(0, found.count));
    values.set(found.values.subarray(0, found.count));
    values.fill(scales.dense, found.hashed, found.count);
    for (let d = 0; d < dimensions; d++) rows[found.count + d] = ROWS + d;
    const scale = scales.vectors / Math.sqrt(Math.max(1, found.wordCount));
    for (let i = 0; i < found.wordCount; i++) {
      const base = (found.words[i] ?? 0) * dimensions;
      for (let d = 0; d < dimensions; d++)
        values[found.count + d] = (values[found.count + d] ?? 0) + scale * (vectors[base + d] ?? 0);
    }
    // A category counts for what it is of traffic, damped, however many seeds it has.
    const weight = ((priors[category] ?? 0) * seeds.length) / (sizes.get(category) ?? 1);
    return { rows, values, hashed: found.hashed, dense: found.count, label: category, weight };
  });
}

/** A hash of the examples and of whatever else decides what becomes of them. */
export function fingerprintOf(examples: readonly Example[], settings: object): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const { rows, values, label } of examples) hash.update(rows).update(values).update(String(label));
  return hash.digest('hex').slice(0, 16);
}
