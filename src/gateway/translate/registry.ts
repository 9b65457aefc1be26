/** Translations between dialects. */
import type { Dialect, Translation } from '../contract.ts';

export function translationFor(_from: Dialect, _to: Dialect): Translation | null {
  return null;
}
