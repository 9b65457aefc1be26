/** What the regression would say of seeds that it was not trained on; and how sure it should be of it. */
import { randomOf } from '../../generation/random.ts';
import { type Example, type Settings, scoresOf, train } from './regression.ts';
import type { Seed } from './seeds.ts';

export interface HeldOut {
  label: number;
  scores: Float64Array;
  seed: Seed;
}

export type Scheme = 'near' | 'block' | 'language' | 'kind';

const KIND_FOLDS = 3;

/**
 * The fold of each seed; negative = always trained on. `near`: seeds that are alike stay together; `block`: whole blocks
 * of one path in one language; `language`: Chinese, Russian, Spanish and Thai, each held out as a whole; `kind`: the
 * traffic of some kinds of users.
 */
export function foldsOf(seeds: readonly Seed[], scheme: Scheme, folds = 4): Int32Array {
  const random = randomOf(7);
  const byGroup = new Map<string, number>();
  const groups = scheme === 'near' ? alike(seeds) : null;
  const kinds = [...new Set(seeds.flatMap((s) => s.kind ?? []))].sort();
  return Int32Array.from(seeds, (seed, i) => {
    if (scheme === 'kind') return seed.kind === null ? -1 : kinds.indexOf(seed.kind) % KIND_FOLDS;
    if (scheme === 'language') return ['zh', 'ru', 'es', 'th'].indexOf(seed.language.slice(0, 2));
    const group = String(groups ? groups[i] : seed.block);
    const fold = byGroup.get(group) ?? Math.floor(random() * folds);
    byGroup.set(group, fold);
    return fold;
  });
}

/** Part of the words that two seeds share if they are alike. */
const ALIKE = 0.5;
/** More seeds than this with the same pair of words are alike in nothing but a phrase. */
const COMMON = 40;

/** The number of the group of each seed. */
function alike(seeds: readonly Seed[]): Int32Array {
  const words = seeds.map((s) => new Set(s.text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [s.text]));
  const parent = Int32Array.from(seeds.keys());
  const rootOf = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at] ?? at;
    return at;
  };
  const withPair = new Map<string, number[]>();
  for (const [i, seed] of seeds.entries()) {
    const pieces = seed.text.toLowerCase().match(/[\p{L}\p{M}]+|[^\s]/gu) ?? [];
    for (const pair of new Set(pieces.slice(1).map((p, j) => `${pieces[j]} ${p}`)))
      withPair.set(pair, [...(withPair.get(pair) ?? []), i]);
  }
  for (const members of withPair.values()) {
    if (members.length > COMMON) continue;
    for (const [j, a] of members.entries())
      for (const b of members.slice(j + 1)) {
        if (rootOf(a) === rootOf(b)) continue;
        const [one, two] = [words[a] ?? new Set(), words[b] ?? new Set()];
        const both = [...one].filter((w) => two.has(w)).length;
        if (both / (one.size + two.size - both) >= ALIKE) parent[rootOf(a)] = rootOf(b);
      }
  }
  return Int32Array.from(seeds, (_, i) => rootOf(i));
}

/** @param rows of the weight table */
export function heldOut(
  seeds: readonly Seed[],
  examples: readonly Example[],
  scheme: Scheme,
  rows: number,
  classes: number,
  settings: Settings,
): HeldOut[] {
  const fold = foldsOf(seeds, scheme);
  const out: HeldOut[] = [];
  for (const f of [...new Set(fold)].filter((f) => f >= 0).sort()) {
    const weights = train(
      examples.filter((_, i) => fold[i] !== f),
      rows,
      classes,
      settings,
    );
    for (const [i, seed] of seeds.entries()) {
      const example = examples[i];
      if (fold[i] !== f || !example) continue;
      const scores = new Float64Array(classes);
      scoresOf(weights, example, scores);
      out.push({ label: seed.category, scores, seed });
    }
  }
  return out;
}

export function accuracyOf(held: readonly HeldOut[]): number {
  return (
    held.filter(({ label, scores }) => scores.indexOf(Math.max(...scores)) === label).length / held.length
  );
}

/** Mean negative log-likelihood of the true labels. */
export function lossOf(held: readonly HeldOut[], temperature: number): number {
  let loss = 0;
  for (const { label, scores } of held) {
    const most = Math.max(...scores);
    let sum = 0;
    for (const s of scores) sum += Math.exp((s - most) / temperature);
    loss += Math.log(sum) - ((scores[label] ?? 0) - most) / temperature;
  }
  return loss / held.length;
}

/** The temperature under which the held-out labels are most probable. */
export function temperatureOf(held: readonly HeldOut[]): number {
  let best = 1;
  for (let t = 0.2; t < 3; t += 0.02) if (lossOf(held, t) < lossOf(held, best)) best = t;
  return Math.round(best * 100) / 100;
}
