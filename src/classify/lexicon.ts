/**
 * The lexicon: words that speak for a category (`lexicon.txt`), found by the hash that the features have of them anyway.
 */
import { readFileSync } from 'node:fs';
import { CATEGORIES } from './categories.ts';
import { CLASS, LETTER, SYLLABLE, UNSPACED } from './characters.ts';
import { HashTable } from './hash-table.ts';
import { hashStep, wordHash } from './word-hash.ts';

export const LEXICON_CATEGORIES = CATEGORIES.length;

/** What an entry is: a whole word or a pair, the beginning of a word, or a run without spaces. */
export const ENTRY = { whole: 0, beginning: 1, run: 2 } as const;
type Kind = (typeof ENTRY)[keyof typeof ENTRY];

/** Twice as many places as there are entries. */
const entries = new HashTable(15);

const keyOf = (hash: number, kind: Kind): number => {
  const h = Math.imul(hash ^ (hash >>> 16) ^ Math.imul(kind + 1, 0x9e3779b1), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0 || 1;
};

/** The categories that an entry speaks for, a bit each; 0 = none. */
export const lexiconOf = (hash: number, kind: Kind): number => entries.get(keyOf(hash, kind));

function add(hash: number, kind: Kind, category: number): void {
  const key = keyOf(hash, kind);
  entries.set(key, entries.get(key) | (1 << category));
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
    if (unspaced !== '') add(wordHash(unspaced), ENTRY.run, category);
  } else if (second === undefined)
    add(wordHash(first), entry.endsWith('*') ? ENTRY.beginning : ENTRY.whole, category);
  else add(hashStep(wordHash(first), wordHash(second)), ENTRY.whole, category);
}
