/** Numbers of words by their hashes, in two typed arrays. */
import { FOLD } from './characters.ts';
import { hashStep, SEED } from './lexicon.ts';

export interface Vocabulary {
  /** Negative: not in it. */
  of(hash: number): number;
}

/** The hash that the features have of a word. */
export function wordHash(word: string): number {
  let hash = SEED;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, FOLD[word.charCodeAt(i)] ?? 0);
  return hash;
}

/** @param hashes in the order of their numbers */
export function vocabularyOf(hashes: Int32Array): Vocabulary {
  const bits = Math.ceil(Math.log2(Math.max(2, hashes.length))) + 1;
  const shift = 32 - bits;
  const mask = (1 << bits) - 1;
  const keys = new Int32Array(1 << bits);
  const numbers = new Int32Array(1 << bits).fill(-1);
  const slotOf = (hash: number) => Math.imul(hash, 0x9e3779b1) >>> shift;
  for (const [number, hash] of hashes.entries()) {
    let at = slotOf(hash);
    while ((numbers[at] ?? -1) >= 0) at = (at + 1) & mask;
    keys[at] = hash;
    numbers[at] = number;
  }
  return {
    of(hash) {
      for (let at = slotOf(hash); ; at = (at + 1) & mask) {
        const number = numbers[at] ?? -1;
        if (number < 0 || keys[at] === hash) return number;
      }
    },
  };
}
