/** What the traffic is about: shares of the categories as they were given, and adjusted for the classifier's errors. */
import type { Confusion } from '../classify/confusion.ts';
import { type AdjustedShare, adjustedShares } from './adjusted-shares.ts';

/** Weighted sums over the labelled sample; each generation stands for 1 / sample rate of them. */
export const CATEGORY_SHARES_SQL = `-- What was given each category in the labelled sample: generations and tokens, weighted by 1 / sample rate.
SELECT
  category,
  count(*) AS labelled,
  sum(weight) AS generations,
  sum(weight * weight) AS generations_squares,
  sum(total_tokens * weight) AS tokens,
  sum((total_tokens * weight) ** 2) AS tokens_squares
FROM labelled
GROUP BY category
ORDER BY category
`;

export interface CategorySharesRow {
  category: string;
  labelled: number;
  generations: number;
  generations_squares: number;
  tokens: number;
  tokens_squares: number;
}

/** Why there is nothing to say. */
export type Unadjusted = 'no_labels' | 'several_classifiers' | 'unknown_classifier' | 'other_categories';

export interface CategoryShares {
  /** Labelled generations that it rests on. */
  labelled: number;
  classifier: string | null;
  /** What the classifier's errors were counted on; null where they are unknown. */
  errorsFrom: string | null;
  /** null = adjusted. */
  unadjusted: Unadjusted | null;
  /** Shares of all tokens and of all generations, the largest first; `adjusted` and its interval are null where unadjusted. */
  tokens: ShareOfCategory[];
  generations: ShareOfCategory[];
}

export type ShareOfCategory = Pick<AdjustedShare, 'category' | 'measured'> & {
  adjusted: number | null;
  low: number | null;
  high: number | null;
};

/**
 * @param classifiers who labelled, as `name@version`
 * @param confusionOf a classifier's confusion matrix; null where nobody knows it
 */
export function categoryShares(
  rows: readonly CategorySharesRow[],
  classifiers: readonly string[],
  confusionOf: (classifier: string) => Confusion | null,
): CategoryShares {
  const [classifier = null] = classifiers;
  const confusion = classifiers.length === 1 && classifier ? confusionOf(classifier) : null;
  const adjust = (unit: 'tokens' | 'generations') => {
    const given = rows.map((r) => ({
      category: r.category,
      weight: r[unit],
      squares: r[`${unit}_squares`],
    }));
    return { adjusted: confusion && adjustedShares(given, confusion), measured: measuredShares(given) };
  };
  const [tokens, generations] = [adjust('tokens'), adjust('generations')];
  const shown = ({ adjusted, measured }: ReturnType<typeof adjust>): ShareOfCategory[] =>
    (adjusted?.filter((s) => s.measured > 0 || s.adjusted >= LEAST) ?? measured).toSorted(
      (a, b) => (b.adjusted ?? b.measured) - (a.adjusted ?? a.measured),
    );
  return {
    labelled: rows.reduce((sum, r) => sum + r.labelled, 0),
    classifier: classifiers.length === 1 ? classifier : null,
    errorsFrom: confusion?.from ?? null,
    unadjusted: reason(rows, classifiers, confusion, tokens.adjusted !== null),
    tokens: shown(tokens),
    generations: shown(generations),
  };
}

/** A category that nothing was given is shown from so large an adjusted share on. */
const LEAST = 0.0005;

function reason(
  rows: readonly CategorySharesRow[],
  classifiers: readonly string[],
  confusion: Confusion | null,
  isAdjusted: boolean,
): Unadjusted | null {
  if (rows.length === 0) return 'no_labels';
  if (classifiers.length > 1) return 'several_classifiers';
  if (!confusion) return 'unknown_classifier';
  return isAdjusted ? null : 'other_categories';
}

function measuredShares(given: readonly { category: string; weight: number }[]): ShareOfCategory[] {
  const total = given.reduce((sum, g) => sum + g.weight, 0);
  return given.map(({ category, weight }) => ({
    category,
    measured: total > 0 ? weight / total : 0,
    adjusted: null,
    low: null,
    high: null,
  }));
}
