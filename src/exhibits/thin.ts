/** When a value of the sample is too uncertain to be read by itself. */
import type { Row, Unit } from './contract.ts';

/** An interval that is wider than these tells little: of a share, and a mean's upper end over its lower. */
const WIDE_SHARE = 0.2;
const WIDE_FACTOR = 2;

/** Whether its interval is wide, or there is none: one account alone does not tell how accounts differ. */
export function isThin({ low, high }: Row, unit: Unit): boolean {
  if (typeof low !== 'number' || typeof high !== 'number') return true;
  return unit === 'share' ? high - low > WIDE_SHARE : high > WIDE_FACTOR * low;
}
