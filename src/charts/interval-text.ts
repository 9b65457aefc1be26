/** A value's interval in words, beside the value. */
import type { Unit } from '../exhibits/contract.ts';
import type { Lang } from './context.ts';
import { formatValue } from './format.ts';

/** " (12.1%–15.0%)" where the value has an interval. */
export function intervalText(low: unknown, high: unknown, unit: Unit, lang: Lang): string {
  if (typeof low !== 'number' || typeof high !== 'number') return '';
  return ` (${formatValue(low, unit, lang)}–${formatValue(high, unit, lang)})`;
}

/** The same in a table, where each value beside it says what it is measured in: " (12.1–15.0)". */
export const intervalBehind = (low: unknown, high: unknown, unit: Unit, lang: Lang): string =>
  intervalText(low, high, unit, lang).replaceAll('%', '');
