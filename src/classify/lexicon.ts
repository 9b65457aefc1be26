/**
 * The lexicon: words that speak for a category (`lexicon.txt`), found by the hash that the features have of them anyway.
 */
import { readFileSync } from 'node:fs';
import { CATEGORIES } from './categories.ts';
import { CLASS, FOLD, LETTER, SYLLABLE, UNSPACED } from './characters.ts';

export const LEXICON_CATEGORIES = CATEGORIES.length;

export const SEED = 0x811c9dc5;
/** One character (or, for a pair, one word's hash) more. */
export const hashStep = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);

/** Which table an entry is in: whole words and pairs, beginnings of words, runs without spaces. */
export const [WHOLE, PREFIX, RUN] = [0, 1, 2];

const TABLE_BITS = 15;
const MASK = (1 << TABLE_BITS) - 1;
const keys = new Uint32Array(1 << TABLE_BITS);
const categories = new Uint32Array(1 << TABLE_BITS);

const keyOf = (hash: number, table: number): number => {
  const h = Math.imul(hash ^ (hash >>> 16) ^ Math.imul(table + 1, 0x9e3779b1), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0 || 1;
};

/** The categories that an entry speaks for, a bit each; 0 = none. */
export function lexiconOf(hash: number, table: number): number {
  const key = keyOf(hash, table);
  for (let at = key & MASK; ; at = (at + 1) & MASK) {
    const there = keys[at];
    if (there === key) return categories[at] ?? 0;
    if (there === 0) return 0;
  }
}

function add(hash: number, table: number, category: number): void {
  const key = keyOf(hash, table);
  let at = key & MASK;
  while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & MASK;
  keys[at] = key;
  categories[at] = (categories[at] ?? 0) | (1 << category);
}

/** The file's text: part of what the model is made from. */
export const LEXICON_TEXT = readFileSync(new URL('./lexicon.txt', import.meta.url), 'utf8');

for (const line of LEXICON_TEXT.split('\n')) {
  const colon = line.indexOf(':');
  const category = (CATEGORIES as readonly string[]).indexOf(line.slice(0, colon));
  if (line.startsWith('#') || category < 0) continue;
  for (const entry of line.slice(colon + 1).split(',')) addEntry(entry.trim(), category);
}

function addEntry(entry: string, category: number): void {
  const words: string[] = [];
  let run = '';
  for (const char of entry) {
    const kind = CLASS[char.charCodeAt(0)];
    if (kind === SYLLABLE || kind === UNSPACED) run += char;
    else if (kind === LETTER && words.length > 0 && !run.endsWith(' ')) words[words.length - 1] += char;
    else if (kind === LETTER) words.push(char);
    if (kind === LETTER) run = '';
    else if (char === ' ') run = ' ';
  }
  const unspaced = run.trim();
  const [first, second] = words;
  if (first === undefined) {
    if (unspaced !== '') add(hashOf(unspaced), RUN, category);
  } else if (second === undefined) add(hashOf(first), entry.endsWith('*') ? PREFIX : WHOLE, category);
  else add(hashStep(hashOf(first), hashOf(second)), WHOLE, category);
}

function hashOf(word: string): number {
  let hash = SEED;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, FOLD[word.charCodeAt(i)] ?? 0);
  return hash;
}
