/** How good labels are: counts of true against given categories, and what follows from them. */

export interface Judged {
  truth: string;
  given: string;
  /** null = no label was given. */
  confidence: number | null;
  source: string;
  language: string;
}

/** counts[i][j]: how many of the true class i were given class j. */
export function confusionOf(judged: readonly Judged[], classes: readonly string[]): number[][] {
  const counts = classes.map(() => classes.map(() => 0));
  const at = new Map(classes.map((c, i) => [c, i]));
  for (const { truth, given } of judged) {
    const row = counts[at.get(truth) ?? -1];
    const column = at.get(given);
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return counts;
}

export const accuracyOf = (judged: readonly Judged[]): number =>
  judged.filter((j) => j.truth === j.given).length / judged.length;

/** Cohen's κ: agreement beyond that of chance. */
export function kappaOf(judged: readonly Judged[]): number {
  const agreed = accuracyOf(judged);
  const truths = sharesOf(judged.map((j) => j.truth));
  const givens = sharesOf(judged.map((j) => j.given));
  let chance = 0;
  for (const [name, share] of truths) chance += share * (givens.get(name) ?? 0);
  return (agreed - chance) / (1 - chance);
}

export function sharesOf(names: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const name of names) shares.set(name, (shares.get(name) ?? 0) + 1 / names.length);
  return shares;
}

export interface ClassQuality {
  name: string;
  count: number;
  /** null: none was given, or none is true. */
  precision: number | null;
  recall: number | null;
  trueShare: number;
  givenShare: number;
}

export function qualities(judged: readonly Judged[], classes: readonly string[]): ClassQuality[] {
  return classes.map((name) => {
    const truth = judged.filter((j) => j.truth === name).length;
    const given = judged.filter((j) => j.given === name).length;
    const right = judged.filter((j) => j.truth === name && j.given === name).length;
    return {
      name,
      count: truth,
      precision: given > 0 ? right / given : null,
      recall: truth > 0 ? right / truth : null,
      trueShare: truth / judged.length,
      givenShare: given / judged.length,
    };
  });
}

export interface Band {
  from: number;
  to: number;
  count: number;
  /** Mean confidence, and how many were right. */
  said: number;
  right: number;
}

/** Labels by their confidence: the guesses, which stand just above a half, then bands where most of the others lie. */
export function calibrationOf(judged: readonly Judged[]): Band[] {
  const bands: [number, number][] = [
    [0.5, 0.502],
    [0.502, 0.55],
    [0.55, 0.6],
    [0.6, 0.65],
    [0.65, 0.7],
    [0.7, 0.8],
    [0.8, 0.9],
    [0.9, 1.001],
  ];
  return bands.map(([from, to]) => {
    const inside = judged.filter((j) => j.confidence !== null && j.confidence >= from && j.confidence < to);
    const count = inside.length;
    return {
      from,
      to: Math.min(1, to),
      count,
      said: inside.reduce((sum, j) => sum + (j.confidence ?? 0), 0) / count,
      right: inside.filter((j) => j.truth === j.given).length / count,
    };
  });
}
