/** Makes the embedded model from the seeds: the same every time. */
import { createHash } from 'node:crypto';
import { CATEGORIES } from '../categories.ts';
import { BUCKET_BITS, ROWS } from '../features.ts';
import type { ModelFacts } from '../model-file.ts';
import { accuracyOf, type HeldOut, heldOut, type Scheme, temperatureOf } from './cross-validation.ts';
import { agreementAt, examplesOf, fingerprintOf, readWordVectors, type WordVectors } from './examples.ts';
import { type Example, type Settings, train, type Weights } from './regression.ts';
import type { Seed } from './seeds.ts';

/** Chosen by cross-validation on the seeds alone. */
const SCALES = { dense: 0.4, vectors: 0.7, prior: 0.25 };
const SETTINGS: Settings = {
  epochs: 22,
  rate: 0.15,
  l2: 1e-4,
  smoothing: 0.05,
  dropout: 0.5,
  blind: { hashed: 0.1, dense: 0.15 },
  bayes: 0,
  runs: 3,
  seed: 1,
};
const PATH_SETTINGS: Settings = {
  ...SETTINGS,
  epochs: 10,
  dropout: 0.2,
  blind: { hashed: 0, dense: 0 },
  runs: 1,
};
/** What is held out is told by one training alone: three would take three times as long, and be right slightly more often. */
const HELD_OUT_SETTINGS: Settings = { ...SETTINGS, runs: 1 };
const PATH_BITS = 13;
/** How far people who label what prompts are about agree with one another: an assumption. */
const KAPPA_OF_PEOPLE = 0.5;
/** A path with fewer seeds is not told apart. */
const LEAST_OF_PATH = 6;

const CLASSES = CATEGORIES.length;

export interface Prepared {
  seeds: readonly Seed[];
  examples: Example[];
  words: WordVectors;
  /** What `ModelFacts.madeFrom` says. */
  madeFrom: string;
}

export function prepare(seeds: readonly Seed[]): Prepared {
  const words = readWordVectors();
  const examples = examplesOf(seeds, words, SCALES);
  const madeFrom = fingerprintOf(examples, {
    SCALES,
    SETTINGS,
    PATH_SETTINGS,
    PATH_BITS,
    LEAST_OF_PATH,
    KAPPA_OF_PEOPLE,
  });
  return { seeds, examples, words, madeFrom };
}

const rowsWith = (words: WordVectors): number => ROWS + words.dimensions;

/** What the settings make of seeds that are held out. */
export const heldOutBy = (scheme: Scheme, { seeds, examples, words }: Prepared): HeldOut[] =>
  heldOut(seeds, examples, scheme, rowsWith(words), CLASSES, HELD_OUT_SETTINGS);

export function buildModel(prepared: Prepared): { facts: ModelFacts; bytes: Buffer } {
  const { seeds, examples, words, madeFrom } = prepared;
  const rows = rowsWith(words);
  const weights = train(examples, rows, CLASSES, SETTINGS);
  // Traffic of users unlike those that it learned from is what it will see.
  const unseen = heldOutBy('kind', prepared);
  const temperature = temperatureOf(unseen);
  const agreement = Math.min(1, agreementAt(KAPPA_OF_PEOPLE) / accuracyOf(unseen));
  const features = quantised(weights.weights.subarray(0, ROWS * CLASSES));
  const perWord = quantised(wordScores(words, weights));
  const paths = trainPaths(seeds, examples);
  const pathWeights = quantised(paths.weights);
  const bytes = Buffer.concat(
    [words.hashes, features.bytes, perWord.bytes, pathWeights.bytes].map((a) =>
      Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    ),
  );
  const facts = {
    version: '',
    madeFrom,
    categories: [...CATEGORIES],
    paths: paths.paths,
    words: words.hashes.length,
    rows: ROWS,
    pathRows: 1 << PATH_BITS,
    bias: Array.from(weights.bias, rounded),
    pathBias: paths.bias.map(rounded),
    scales: { features: features.scale, words: perWord.scale * SCALES.vectors, paths: pathWeights.scale },
    dense: SCALES.dense,
    temperature,
    agreement: rounded(agreement),
  };
  const version = createHash('sha256').update(JSON.stringify(facts)).update(bytes).digest('hex').slice(0, 10);
  return { facts: { ...facts, version }, bytes };
}

/** What each word adds to the score of each category: its vector times the weights of the dimensions. */
function wordScores({ hashes, vectors, dimensions }: WordVectors, { weights }: Weights): Float32Array {
  const out = new Float32Array(hashes.length * CLASSES);
  for (let word = 0; word < hashes.length; word++)
    for (let d = 0; d < dimensions; d++) {
      const x = vectors[word * dimensions + d] ?? 0;
      const base = (ROWS + d) * CLASSES;
      for (let k = 0; k < CLASSES; k++) {
        const at = word * CLASSES + k;
        out[at] = (out[at] ?? 0) + x * (weights[base + k] ?? 0);
      }
    }
  return out;
}

/** A byte a weight. The few that lie farther out than 1 in 10,000 are cut. */
function quantised(weights: Float32Array): { bytes: Int8Array; scale: number } {
  const sizes = weights
    .filter((w) => w !== 0)
    .map(Math.abs)
    .sort();
  const scale = (sizes[Math.floor(sizes.length * 0.9999)] ?? 1) / 127;
  return {
    bytes: Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w / scale)))),
    scale,
  };
}

/** One regression for the paths of each category, on the hashed features in fewer rows. */
function trainPaths(seeds: readonly Seed[], examples: readonly Example[]) {
  const out: { paths: ModelFacts['paths']; bias: number[]; parts: Float32Array[] } = {
    paths: [],
    bias: [],
    parts: [],
  };
  for (const category of CATEGORIES.keys()) {
    const sizes = new Map<string, number>();
    for (const s of seeds) if (s.category === category) sizes.set(s.path, (sizes.get(s.path) ?? 0) + 1);
    const paths = [...sizes]
      .filter(([, n]) => n >= LEAST_OF_PATH)
      .map(([path]) => path)
      .sort();
    const own: Example[] = [];
    for (const [i, seed] of seeds.entries()) {
      const example = examples[i];
      const label = paths.indexOf(seed.path);
      if (!example || seed.category !== category || label < 0) continue;
      own.push({
        rows: example.rows.slice(0, example.hashed).map((row) => row >>> (BUCKET_BITS - PATH_BITS)),
        values: example.values.slice(0, example.hashed),
        hashed: example.hashed,
        dense: example.hashed,
        label,
        weight: 1,
      });
    }
    const { weights, bias } = train(own, 1 << PATH_BITS, paths.length, PATH_SETTINGS);
    out.paths.push(...paths.map((path) => ({ path, category })));
    out.bias.push(...bias);
    out.parts.push(weights);
  }
  const weights = new Float32Array(out.parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of out.parts) {
    weights.set(part, at);
    at += part.length;
  }
  return { paths: out.paths, bias: out.bias, weights };
}

const rounded = (x: number): number => Math.round(x * 1e5) / 1e5;
