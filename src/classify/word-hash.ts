/** The hash that features, lexicon, bilingual list and vocabulary have of a word: case and accents are folded away. */
import { FOLD } from './characters.ts';

export const SEED = 0x811c9dc5;
/** One character (or, for a pair, one word's hash) more. */
export const hashStep = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);

export function wordHash(word: string): number {
  let hash = SEED;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, FOLD[word.charCodeAt(i)] ?? 0);
  return hash;
}
