/**
 * Shares of categories, adjusted for the classifier's errors. A classifier that takes a tenth of all stories for marketing
 * makes marketing look larger than it is; how often it takes what for what is known from prompts whose category is known
 * (its confusion matrix), and that can be undone: of all mixes of true categories, the one under which the labels that were
 * given are most likely (maximum likelihood by expectation–maximisation; it stays between 0 and 1, which inverting the
 * matrix does not).
 *
 * The interval holds 95 % of the results when both the labels and the matrix are drawn again from what they were counted
 * from (parametric bootstrap, fixed seed: the same numbers give the same interval). It does not hold what the prompts of the
 * matrix and the traffic may differ in: that a category is mistaken as often here as there is an assumption.
 */
import type { Confusion } from '../classify/confusion.ts';
import { randomOf } from '../generation/random.ts';

/** What was given one category: weighted sums over the labelled generations. */
export interface Given {
  category: string;
  /** Sum of the weights (tokens or generations, over the sample rate). */
  weight: number;
  /** Sum of their squares: tells how many equal generations those of the category are worth. */
  squares: number;
}

export interface AdjustedShare {
  category: string;
  /** Share of the weight that was given this category. */
  measured: number;
  /** Share whose true category this most likely is. */
  adjusted: number;
  /** 95 % interval of `adjusted`. */
  low: number;
  high: number;
}

const DRAWS = 400;
const ROUNDS = 300;
/** Two rounds that differ by no more than this in any share end the search. */
const CLOSE = 1e-7;

/**
 * @param given any order; categories that are absent were given to nothing
 * @returns shares in the order of the matrix; null where a category is not in the matrix, or nothing is labelled
 */
export function adjustedShares(given: readonly Given[], confusion: Confusion): AdjustedShare[] | null {
  const { categories, counts } = confusion;
  const total = given.reduce((sum, g) => sum + g.weight, 0);
  if (!(total > 0) || given.some((g) => !categories.includes(g.category))) return null;
  const of = new Map(given.map((g) => [g.category, g.weight / total]));
  const measured = categories.map((c) => of.get(c) ?? 0);
  // A few long generations in one category say less than many short ones in another: each has its own worth.
  const noise = new Map(given.map((g) => [g.category, g.squares / total / total]));
  const counted = categories.map((c) => ({ share: of.get(c) ?? 0, square: noise.get(c) ?? 0 }));
  const adjusted = mostLikely(measured, counts.map(ratesOf));
  const random = randomOf(SEED);
  const draws = Array.from({ length: DRAWS }, () =>
    mostLikely(
      parts(counted.map((c) => drawnShare(c, random))),
      // Each matrix row as it may have been: its counts and one more in all, spread evenly (a cell of none is not impossible).
      counts.map((row) =>
        drawn(
          row.map((n) => n + 1 / row.length),
          random,
        ),
      ),
    ),
  );
  return categories.map((category, i) => {
    const sorted = draws.map((draw) => draw[i] ?? 0).sort((a, b) => a - b);
    return {
      category,
      measured: measured[i] ?? 0,
      adjusted: adjusted[i] ?? 0,
      low: Math.min(sorted[Math.floor(DRAWS * 0.025)] ?? 0, adjusted[i] ?? 0),
      high: Math.max(sorted[Math.ceil(DRAWS * 0.975) - 1] ?? 1, adjusted[i] ?? 0),
    };
  });
}

/** A row of the matrix as probabilities. */
function ratesOf(row: readonly number[]): number[] {
  const smooth = row.map((n) => n + 1 / row.length);
  const sum = smooth.reduce((a, b) => a + b, 0);
  return smooth.map((n) => n / sum);
}

/**
 * The mix of true categories under which the given shares are most likely.
 * @param rates rates[i][j]: probability that the true category i is given j
 */
function mostLikely(given: readonly number[], rates: readonly (readonly number[])[]): number[] {
  let mix = given.map(() => 1 / given.length);
  for (let round = 0; round < ROUNDS; round++) {
    const next = mix.map(() => 0);
    for (const [j, share] of given.entries()) {
      if (share === 0) continue;
      const chance = mix.reduce((sum, m, i) => sum + m * (rates[i]?.[j] ?? 0), 0);
      if (chance === 0) continue;
      for (const [i, m] of mix.entries())
        next[i] = (next[i] ?? 0) + (share * m * (rates[i]?.[j] ?? 0)) / chance;
    }
    const change = Math.max(...next.map((n, i) => Math.abs(n - (mix[i] ?? 0))));
    mix = next;
    if (change < CLOSE) break;
  }
  return mix;
}

const SEED = 20_260_101;

/** Shares that counts like these may come from: a draw from a Dirichlet distribution. Where none was counted, none is drawn. */
function drawn(counts: readonly number[], random: () => number): number[] {
  return parts(counts.map((n) => (n > 0 ? gamma(n, random) : 0)));
}

/** Each as a part of their sum. */
function parts(amounts: readonly number[]): number[] {
  const sum = amounts.reduce((a, b) => a + b, 0);
  return amounts.map((amount) => (sum > 0 ? amount / sum : 0));
}

/** A share that a sample like this one may give: of this mean, with the variance of a sum of weights with these squares. */
function drawnShare({ share, square }: { share: number; square: number }, random: () => number): number {
  const shape = (share * share) / square;
  return shape > 0 && Number.isFinite(shape) ? (gamma(shape, random) * share) / shape : share;
}

/** A draw from the gamma distribution of this shape and scale 1 (Marsaglia and Tsang, 2000). */
function gamma(shape: number, random: () => number): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
