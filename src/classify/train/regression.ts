/**
 * Multinomial logistic regression on sparse features, by Adagrad. Deterministic: the same examples, settings and seed of
 * the random numbers make the same weights.
 */
import { randomOf } from '../../generation/random.ts';

/**
 * A text's features: `[0, hashed)`, whose values are scaled so that their squares sum to 1; `[hashed, dense)`, its
 * structure and lexicon; the rest, the mean of its words' vectors.
 */
export interface Example {
  rows: Uint32Array;
  values: Float32Array;
  hashed: number;
  dense: number;
  label: number;
  weight: number;
}

export interface Settings {
  epochs: number;
  rate: number;
  l2: number;
  /** Part of each label that is spread over all. */
  smoothing: number;
  /** Part of the features that an example loses each time it is looked at. */
  dropout: number;
  /** How often it loses all its hashed features at once, or all dense ones, so that the rest learns to do without. */
  blind: { hashed: number; dense: number };
  /** How far the weights begin at those of naive Bayes. */
  bayes: number;
  /** The weights are the mean of those of so many trainings, which differ by their random numbers alone. */
  runs: number;
  seed: number;
}

export interface Weights {
  rows: number;
  classes: number;
  /** Row by row. */
  weights: Float32Array;
  bias: Float32Array;
}

/** @param classes how many labels there are */
export function train(
  examples: readonly Example[],
  rows: number,
  classes: number,
  settings: Settings,
): Weights {
  const { runs, seed } = settings;
  const mean = trainOnce(examples, rows, classes, settings);
  for (let run = 1; run < runs; run++) {
    const more = trainOnce(examples, rows, classes, { ...settings, seed: seed + run });
    addTo(mean.weights, more.weights);
    addTo(mean.bias, more.bias);
  }
  for (const sums of [mean.weights, mean.bias]) for (const [i, sum] of sums.entries()) sums[i] = sum / runs;
  return mean;
}

function addTo(sums: Float32Array, more: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (more[i] ?? 0);
}

function trainOnce(examples: readonly Example[], rows: number, classes: number, settings: Settings): Weights {
  const { epochs, rate, l2, smoothing, dropout, blind } = settings;
  const weights = new Float32Array(rows * classes);
  const bias = new Float32Array(classes);
  if (settings.bayes > 0) beginAtBayes(examples, weights, classes, settings.bayes);
  const squares = new Float32Array(rows * classes).fill(1e-6);
  const biasSquares = new Float32Array(classes).fill(1e-6);
  const random = randomOf(settings.seed);
  const order = Uint32Array.from(examples.keys());
  const scores = new Float64Array(classes);
  const kept = new Uint8Array(65_536);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (const index of order) {
      const example = examples[index];
      if (!example) continue;
      const { rows: at, values, hashed, dense, label, weight } = example;
      let norm = 0;
      const ofHashed = random() < blind.hashed ? 1 : dropout;
      const ofDense = random() < blind.dense ? 1 : dropout / 2;
      for (let i = 0; i < at.length; i++) {
        const isKept = i >= dense || random() >= (i < hashed ? ofHashed : ofDense);
        kept[i] = isKept ? 1 : 0;
        if (isKept && i < hashed) norm += (values[i] ?? 0) ** 2;
      }
      const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
      for (let k = 0; k < classes; k++) scores[k] = bias[k] ?? 0;
      for (let i = 0; i < at.length; i++) {
        if (kept[i] === 0) continue;
        const x = i < hashed ? (values[i] ?? 0) * scale : (values[i] ?? 0);
        const base = (at[i] ?? 0) * classes;
        for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) + x * (weights[base + k] ?? 0);
      }
      softmax(scores);
      for (let k = 0; k < classes; k++) {
        const wanted = smoothing / classes + (k === label ? 1 - smoothing : 0);
        const gradient = ((scores[k] ?? 0) - wanted) * weight;
        scores[k] = gradient;
        const s = (biasSquares[k] ?? 0) + gradient * gradient;
        biasSquares[k] = s;
        bias[k] = (bias[k] ?? 0) - (rate * 0.1 * gradient) / Math.sqrt(s);
      }
      for (let i = 0; i < at.length; i++) {
        if (kept[i] === 0) continue;
        const x = i < hashed ? (values[i] ?? 0) * scale : (values[i] ?? 0);
        const base = (at[i] ?? 0) * classes;
        for (let k = 0; k < classes; k++) {
          const j = base + k;
          const w = weights[j] ?? 0;
          const gradient = x * (scores[k] ?? 0) + l2 * w;
          const s = (squares[j] ?? 0) + gradient * gradient;
          squares[j] = s;
          weights[j] = w - (rate * gradient) / Math.sqrt(s);
        }
      }
    }
  }
  return { rows, classes, weights, bias };
}

/** Log-odds of each feature in each class against the others, smoothed. */
function beginAtBayes(
  examples: readonly Example[],
  weights: Float32Array,
  classes: number,
  part: number,
): void {
  const counts = new Float32Array(weights.length);
  const perClass = new Float64Array(classes);
  for (const { rows, hashed, label } of examples) {
    perClass[label] = (perClass[label] ?? 0) + 1;
    for (let i = 0; i < hashed; i++) {
      const j = (rows[i] ?? 0) * classes + label;
      counts[j] = (counts[j] ?? 0) + 1;
    }
  }
  const all = perClass.reduce((a, b) => a + b, 0);
  for (let row = 0; row * classes < counts.length; row++) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += counts[row * classes + k] ?? 0;
    if (total === 0) continue;
    for (let k = 0; k < classes; k++) {
      const j = row * classes + k;
      const own = perClass[k] ?? 0;
      const inside = ((counts[j] ?? 0) + 0.5) / (own + 1);
      const outside = (total - (counts[j] ?? 0) + 0.5 * (classes - 1)) / (all - own + classes - 1);
      weights[j] = part * Math.log(inside / outside);
    }
  }
}

function softmax(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const s of scores) if (s > most) most = s;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const e = Math.exp((scores[k] ?? 0) - most);
    scores[k] = e;
    sum += e;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] ?? 0) / sum;
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
}

/** Scores of an example, in `scores`. */
export function scoresOf({ weights, bias, classes }: Weights, example: Example, scores: Float64Array): void {
  const { rows, values, hashed } = example;
  let norm = 0;
  for (let i = 0; i < hashed; i++) norm += (values[i] ?? 0) ** 2;
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
  for (let k = 0; k < classes; k++) scores[k] = bias[k] ?? 0;
  for (let i = 0; i < rows.length; i++) {
    const x = i < hashed ? (values[i] ?? 0) * scale : (values[i] ?? 0);
    const base = (rows[i] ?? 0) * classes;
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) + x * (weights[base + k] ?? 0);
  }
}
