/**
 * The embedded classifier: a linear model in this process, no network. A category first, then the path inside it.
 *
 * Confidence: how probable it is that a person would say the same, which is the calibrated probability of the category
 * times how often people agree; where that is less than a half, a bit above it. A category wins against `other` alone: a
 * prompt that is more probably of none has no label.
 */
import type { Label } from '../generation/generation.ts';
import type { Classifier } from './contract.ts';
import { BUCKET_BITS, createFeatures, type Features } from './features.ts';
import { type Model, readModel } from './model-file.ts';
import { vocabularyOf } from './vocabulary.ts';

export interface Prediction {
  /** null = none: less is known than would speak for any. */
  category: string | null;
  labels: Label[];
  /** The probability of each category, in their order. Used again by the next prediction. */
  probabilities: Float64Array;
}

export interface EmbeddedModel {
  id: string;
  predict(text: string): Prediction;
}

/** Below this nothing is known: with seventeen categories, chance alone gives 0.06. */
const LEAST_PROBABILITY = 0.12;
/** A path is named when it has this much of its category. */
const LEAST_OF_CATEGORY = 0.35;
/** What a second category must have of what the first leaves, and at all, to be a label as well. */
const [LEAST_OF_REST, LEAST_SECOND] = [0.5, 0.1];
export const THRESHOLD = 0.5;
/** Confidences have three digits. */
const STEP = 0.001;

function confidenceIn(least: number, p: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, p)) * 1000) / 1000;
}

/** The path of a category where no closer one is clear. */
export const ROOTS: Readonly<Record<string, string>> = {
  programming: '/Computers & Electronics/Programming',
  roleplay: '/Games/Roleplaying Games',
  translation: '/Reference/Language Resources/Foreign Language Resources',
  trivia: '/Reference/General Reference',
  productivity: '/Computers & Electronics/Software/Business & Productivity Software',
  education: '/Jobs & Education/Education',
  literature: '/Books & Literature',
  adult: '/Adult',
  technology: '/Computers & Electronics',
  science: '/Science',
  health: '/Health',
  finance: '/Finance',
  legal: '/Law & Government/Legal',
  academia: '/Reference/Humanities',
  marketing: '/Business & Industrial/Advertising & Marketing',
  seo: '/Internet & Telecom/Web Services/Search Engine Optimization & Marketing',
  other: '/Other',
};

export function openModel(model: Model = readModel()): EmbeddedModel {
  const { facts, wordHashes } = model;
  const { categories, temperature, agreement } = facts;
  const classes = categories.length;
  const features = createFeatures(vocabularyOf(wordHashes).of);
  const scores = new Float64Array(classes);
  const other = categories.indexOf('other');
  const pathOf = pathReader(model);
  return {
    id: `embedded@${facts.version}`,
    predict(text) {
      const found = features.of(text);
      scoreInto(scores, found, model);
      for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) / temperature;
      toProbabilities(scores);
      let first = 0;
      let second = -1;
      for (let k = 1; k < classes; k++) {
        if ((scores[k] ?? 0) > (scores[first] ?? 0)) {
          second = first;
          first = k;
        } else if (second < 0 || (scores[k] ?? 0) > (scores[second] ?? 0)) second = k;
      }
      const p = scores[first] ?? 0;
      // Nothing but marks, or nothing that was ever seen.
      if (found.hashed === 0 || p < LEAST_PROBABILITY)
        return { category: null, labels: [], probabilities: scores };
      const category = categories[first] ?? 'other';
      if (first === other && p < THRESHOLD) return { category, labels: [], probabilities: scores };
      // It leaves room for a second label below it, and neither is below the threshold.
      const confidence = confidenceIn(THRESHOLD + STEP, p * agreement, 1);
      const labels = [{ path: pathOf(found, first), confidence }];
      const next = scores[second] ?? 0;
      const ofRest = next / (1 - p + 1e-9);
      // A guess is followed by no other.
      if (p > THRESHOLD && second !== other && next >= LEAST_SECOND && ofRest >= LEAST_OF_REST)
        labels.push({
          path: pathOf(found, second),
          confidence: confidenceIn(THRESHOLD, ofRest * agreement, confidence - STEP),
        });
      return { category, labels, probabilities: scores };
    },
  };
}

let shared: EmbeddedModel | null = null;
/** The model of this program, read once. */
export function embeddedModel(): EmbeddedModel {
  shared ??= openModel();
  return shared;
}

export function embeddedClassifier(): Classifier {
  const model = embeddedModel();
  return { id: model.id, batch: 1, classify: (texts) => texts.map((text) => model.predict(text).labels) };
}

function scoreInto(scores: Float64Array, found: Features, { facts, features, words }: Model): void {
  const classes = scores.length;
  const { rows, values, hashed, count, wordCount } = found;
  let norm = 0;
  for (let i = 0; i < hashed; i++) norm += (values[i] ?? 0) ** 2;
  const scale = norm > 0 ? facts.scales.features / Math.sqrt(norm) : 0;
  const dense = facts.scales.features * facts.dense;
  for (let k = 0; k < classes; k++) scores[k] = facts.bias[k] ?? 0;
  for (let i = 0; i < count; i++) {
    const x = i < hashed ? (values[i] ?? 0) * scale : dense;
    const base = (rows[i] ?? 0) * classes;
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) + x * (features[base + k] ?? 0);
  }
  if (wordCount === 0) return;
  const perWord = facts.scales.words / Math.sqrt(wordCount);
  for (let i = 0; i < wordCount; i++) {
    const base = (found.words[i] ?? 0) * classes;
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) + perWord * (words[base + k] ?? 0);
  }
}

/** In place. */
function toProbabilities(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) most = Math.max(most, scores[k] ?? 0);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const e = Math.exp((scores[k] ?? 0) - most);
    scores[k] = e;
    sum += e;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] ?? 0) / sum;
}

function pathReader({ facts, paths }: Model): (found: Features, category: number) => string {
  const spans = facts.categories.map((_, category) => {
    const first = facts.paths.findIndex((p) => p.category === category);
    return { first: Math.max(0, first), count: facts.paths.filter((p) => p.category === category).length };
  });
  const shift = BUCKET_BITS - Math.log2(facts.pathRows);
  const scores = new Float64Array(Math.max(1, ...spans.map((s) => s.count)));
  return (found, category) => {
    const root = ROOTS[facts.categories[category] ?? 'other'] ?? '/Other';
    const { first, count } = spans[category] ?? { first: 0, count: 0 };
    if (count === 0) return root;
    const own = scores.subarray(0, count);
    for (let j = 0; j < count; j++) own[j] = facts.pathBias[first + j] ?? 0;
    const start = first * facts.pathRows;
    let norm = 0;
    for (let i = 0; i < found.hashed; i++) norm += (found.values[i] ?? 0) ** 2;
    const scale = facts.scales.paths / Math.sqrt(norm || 1);
    for (let i = 0; i < found.hashed; i++) {
      const base = start + ((found.rows[i] ?? 0) >>> shift) * count;
      const x = (found.values[i] ?? 0) * scale;
      for (let j = 0; j < count; j++) own[j] = (own[j] ?? 0) + x * (paths[base + j] ?? 0);
    }
    toProbabilities(own);
    let best = 0;
    for (let j = 1; j < count; j++) if ((own[j] ?? 0) > (own[best] ?? 0)) best = j;
    return (own[best] ?? 0) >= LEAST_OF_CATEGORY ? (facts.paths[first + best]?.path ?? root) : root;
  };
}
