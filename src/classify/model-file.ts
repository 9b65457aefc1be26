/**
 * The embedded model as it lies in `model/`: `embedded.json` says what it is, `embedded.bin` has its weights, one byte
 * each, in the order of the members of `Model`.
 */
import { readFileSync } from 'node:fs';

export interface ModelFacts {
  /** Content hash of the weights: what stands behind `embedded@`. */
  version: string;
  /** Content hash of what it was made from: seeds, lexicon, word vectors, settings. */
  madeFrom: string;
  categories: string[];
  /** In the order of their columns; those of a category are neighbours. */
  paths: { path: string; category: number }[];
  words: number;
  rows: number;
  pathRows: number;
  bias: number[];
  pathBias: number[];
  /** What one step of a byte is worth. */
  scales: { features: number; words: number; paths: number };
  /** What the dense features count for. */
  dense: number;
  /** Scores are divided by it before they become probabilities. */
  temperature: number;
  /** How often a person would agree with a category that is as good as certain: labels are matters of opinion. */
  agreement: number;
}

export interface Model {
  facts: ModelFacts;
  /** rows × categories */
  features: Int8Array;
  /** Hashes of the words, then words × categories. */
  wordHashes: Int32Array;
  words: Int8Array;
  /** For each category, pathRows × its paths. */
  paths: Int8Array;
}

export function readModel(): Model {
  const at = (name: string) => new URL(`./model/${name}`, import.meta.url);
  const facts = JSON.parse(readFileSync(at('embedded.json'), 'utf8')) as ModelFacts;
  const bytes = readFileSync(at('embedded.bin'));
  return modelOf(facts, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
}

export function modelOf(facts: ModelFacts, bytes: ArrayBuffer): Model {
  let at = 0;
  const next = (length: number) => {
    at += length;
    return at - length;
  };
  const classes = facts.categories.length;
  return {
    facts,
    wordHashes: new Int32Array(bytes, next(facts.words * 4), facts.words),
    features: new Int8Array(bytes, next(facts.rows * classes), facts.rows * classes),
    words: new Int8Array(bytes, next(facts.words * classes), facts.words * classes),
    paths: new Int8Array(
      bytes,
      next(facts.pathRows * facts.paths.length),
      facts.pathRows * facts.paths.length,
    ),
  };
}
