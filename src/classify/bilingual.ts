/** Words of other languages that are read as an English word that means about the same (`bilingual.txt`). */
import { readFileSync } from 'node:fs';
import { CLASS, LETTER, SYLLABLE, UNSPACED } from './characters.ts';
import { HashTable } from './hash-table.ts';
import { hashStep, wordHash } from './word-hash.ts';

/** Twice as many places as there are entries. */
const TABLE_BITS = 18;

const ARABIC = 9;
/** What Arabic writes as part of a word: "the", "and", "for", "with", and these before "the". */
const PREFIXES = ['ال', 'و', 'وال', 'ل', 'لل', 'ب', 'بال'];
/** So many characters of a run without spaces are looked up: of syllables, of letters. */
export const LONGEST_SYLLABLES = 6;
export const LONGEST_UNSPACED = 10;

/** The file's text: part of what the model is made from. */
export const bilingualText = (): string => readFileSync(new URL('./bilingual.txt', import.meta.url), 'utf8');

/**
 * The hash of the English word for a word, a pair of words or a run without spaces; 0 = it has none.
 * @param isPrefix whether the hash is that of a word's beginning
 */
export type EnglishOf = (hash: number, isPrefix: boolean) => number;

let opened: EnglishOf | null = null;

/** Reads the file when it is first asked for. */
export function openBilingual(): EnglishOf {
  opened ??= tableOf(bilingualText());
  return opened;
}

function tableOf(text: string): EnglishOf {
  const table = new HashTable(TABLE_BITS);
  /** The first line that has a word decides. */
  const add = (hash: number, isPrefix: boolean, to: number) => {
    const key = keyOf(hash, isPrefix);
    if (table.get(key) === 0) table.set(key, to);
  };
  const addEntry = (entry: string, to: number) => {
    const kind = CLASS[entry.charCodeAt(0)];
    // Of a longer entry its beginning is found.
    if (kind === SYLLABLE) add(wordHash(entry.slice(0, LONGEST_SYLLABLES)), false, to);
    if (kind === UNSPACED) add(wordHash(entry.slice(0, LONGEST_UNSPACED)), false, to);
    if (kind !== LETTER) return;
    const [first = '', second] = entry.split(' ');
    if (second !== undefined) add(hashStep(wordHash(first), wordHash(second)), false, to);
    else if (first.endsWith('*')) add(wordHash(first.slice(0, -1)), true, to);
    else add(wordHash(first), false, to);
  };
  const lines = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('|'));
  // An English word of the list stands for itself, whatever it means elsewhere.
  for (const [word = ''] of lines) add(wordHash(word), false, wordHash(word));
  for (const [word = '', ...languages] of lines)
    for (const entries of languages) for (const entry of entriesOf(entries)) addEntry(entry, wordHash(word));
  // Words as they are written come before those that a prefix makes.
  for (const [word = '', ...languages] of lines)
    for (const entry of entriesOf(languages[ARABIC] ?? ''))
      for (const prefix of PREFIXES) addEntry(`${prefix}${entry}`, wordHash(word));
  return (hash, isPrefix) => table.get(keyOf(hash, isPrefix)) | 0;
}

const entriesOf = (column: string): string[] => (column === '' ? [] : column.split(','));

function keyOf(hash: number, isPrefix: boolean): number {
  const h = Math.imul(hash ^ (hash >>> 15) ^ (isPrefix ? 0x5bd1e995 : 0), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0 || 1;
}
