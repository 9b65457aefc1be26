/** Small statistics that sentences, verdicts and comparisons share. */

/** null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const T_SMALL = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
const Z = 1.959964;

/** How many standard errors a 95 % interval reaches to either side, for so many degrees of freedom (at least 1). */
export function reachOf(freedom: number): number {
  const small = T_SMALL[Math.floor(freedom) - 1];
  if (small !== undefined) return small;
  // Cornish and Fisher's expansion; from 11 on right to three digits.
  return Z + (Z ** 3 + Z) / (4 * freedom) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2);
}
