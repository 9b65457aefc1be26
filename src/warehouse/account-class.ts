/**
 * Classes of accounts. `large`: has at least a thousandth of all tokens of the dataset, over all history; `regular`: any
 * other known account; `unknown`: the record states none. The whole dataset decides, so neither a filter, nor the order
 * of imports, nor how files are cut changes an account's class.
 */
import { literal } from './engine.ts';

/** The dimension's name. */
export const ACCOUNT_CLASS = 'account_class';
/** An account is large from one token in so many on. */
export const LARGE_FROM = 1000;

/** An account's class as an SQL expression. */
export function accountClass(field: string, large: readonly string[]): string {
  const isLarge = large.length > 0 ? `${field} IN (${large.map(literal).join(', ')})` : 'false';
  return `CASE WHEN ${field} IS NULL THEN 'unknown' WHEN ${isLarge} THEN 'large' ELSE 'regular' END`;
}
