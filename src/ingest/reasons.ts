/** Reasons that can be counted: what is wrong, without the value that is. */

/** `createdAt is 12: expected …` → `createdAt: expected …`. */
export const countable = (problem: string): string =>
  problem.replace(/ is (-?\d[\d.e+-]*|a string of \d+ characters)(?=:)/, '');
