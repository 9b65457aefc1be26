/** Numbers of words by their hashes. */
import { HashTable } from './hash-table.ts';

export interface Vocabulary {
  /** Negative: not in it. */
  of(hash: number): number;
}

/** @param hashes in the order of their numbers */
export function vocabularyOf(hashes: Int32Array): Vocabulary {
  const table = new HashTable(Math.ceil(Math.log2(Math.max(2, hashes.length))) + 1);
  for (const [number, hash] of hashes.entries()) table.set(keyOf(hash), number + 1);
  return { of: (hash) => table.get(keyOf(hash)) - 1 };
}

const keyOf = (hash: number): number => {
  const h = Math.imul(hash, 0x9e3779b1);
  return (h ^ (h >>> 15)) >>> 0 || 1;
};
