/**
 * Features of a prompt: hashed words and pieces of words, runs of characters where words are not spaced, the way it
 * begins, the whole if it is short, its structure, and how many words of each category's lexicon it has. One pass, no
 * allocation a feature.
 */
import { LONGEST_SYLLABLES, LONGEST_UNSPACED, openBilingual } from './bilingual.ts';
import { CLASS, DIGIT, FOLD, LETTER, SYLLABLE, UNSPACED } from './characters.ts';
import { ENTRY, LEXICON_CATEGORIES, lexiconOf } from './lexicon.ts';
import { STRUCTURE, structureOf } from './structure.ts';
import { hashStep, SEED } from './word-hash.ts';

export const BUCKET_BITS = 18;
const BUCKETS = 1 << BUCKET_BITS;
/** How often words of a category occur: once, twice, three times or more; and which category has most of them. */
const LEXICON_FEATURES = LEXICON_CATEGORIES * 4;
const DENSE = STRUCTURE.length + LEXICON_FEATURES;
/** Rows of a weight table: hashed features, then the dense ones. */
export const ROWS = BUCKETS + DENSE;

const MOST = 8192;
/** What stands at the beginning says more of what is wanted than what was pasted behind it. */
const HEAD_CHARACTERS = 240;
const TAIL_WEIGHT = 0.5;
/** A prompt as short as this is also known as a whole: greetings, "go on". */
const WHOLE_CHARACTERS = 40;

/** Words of the vocabulary up to this number are English, whatever they mean elsewhere. */
const COMMON_WORDS = 8000;

/** Beginnings in the bilingual list have this many characters or more. */
const LEAST_PREFIX = 2;

/** The kinds of hashed features. */
const [WORD, PAIR, STEM, PIECE, RUN, FIRST, FIRST_PAIR, ALL, IDEAS, FIRST_IDEA] = [
  0x1b873593, 0x7feb352d, 0x2c1b3c6d, 0x297a2d39, 0x5bd1e995, 0x3c6ef372, 0x85ebca6b, 0x38495ab5, 0x4cf5ad43,
  0x165667b1,
];

/** Features of one text at a time: `rows[0…hashed)` with `values`, then `rows[hashed…count)` of value 1. */
export interface Features {
  rows: Uint32Array;
  values: Float32Array;
  hashed: number;
  count: number;
  /** How many words of each category's lexicon were found. */
  lexicon: Uint16Array;
  /** Words of the vocabulary, by their numbers. */
  words: Uint16Array;
  wordCount: number;
}

/** @param wordOf the number of a word in the vocabulary by its hash; negative = it has none */
export function createFeatures(wordOf: (hash: number) => number): { of(text: string): Features } {
  const englishOf = openBilingual();
  const rows = new Uint32Array(MOST + DENSE);
  const values = new Float32Array(MOST + DENSE);
  const lexicon = new Uint16Array(LEXICON_CATEGORIES);
  const seen = new Uint32Array(BUCKETS);
  const codes = new Uint16Array(1024);
  const words = new Uint16Array(4096);
  const features: Features = { rows, values, hashed: 0, count: 0, lexicon, words, wordCount: 0 };
  let stamp = 0;
  let weight = 1;
  let count = 0;
  let known = 0;
  let lastIdea = 0;

  const add = (hash: number, kind: number) => {
    let h = Math.imul(hash ^ (hash >>> 15), kind);
    h = Math.imul(h ^ (h >>> 13), 0x9e3779b1);
    const row = h >>> (32 - BUCKET_BITS);
    if (seen[row] === stamp || count >= MOST) return;
    seen[row] = stamp;
    rows[count] = row;
    values[count++] = weight;
  };
  const hit = (hash: number, kind: Parameters<typeof lexiconOf>[1]) => {
    let mask = lexiconOf(hash, kind);
    for (let k = 0; mask !== 0; k++, mask >>>= 1) if (mask & 1) lexicon[k] = (lexicon[k] ?? 0) + 1;
  };

  /** Words of the bilingual list follow each other in any language, whatever stands between them. */
  const idea = (english: number) => {
    if (lastIdea === 0) add(english, FIRST_IDEA);
    else add(hashStep(lastIdea, english), IDEAS);
    lastIdea = english;
  };
  /** A word of another language counts as the English one too. */
  const read = (english: number) => {
    add(english, WORD);
    idea(english);
    const word = wordOf(english);
    if (word >= 0) words[known++] = word;
  };
  /** A run of characters without spaces: n-grams over it. */
  const run = (from: number, to: number, longest: number, shortest: number, longestTerm: number) => {
    let next = from;
    for (let i = from; i < to; i++) {
      let h = SEED;
      let english = 0;
      let end = i;
      for (let n = 1; n <= longestTerm && i + n <= to; n++) {
        h = hashStep(h, codes[i + n - 1] ?? 0);
        if (n >= shortest && n <= longest) add(h, RUN);
        hit(h, ENTRY.run);
        const found = i >= next ? englishOf(h, false) : 0;
        if (found !== 0) {
          english = found;
          end = i + n;
        }
      }
      if (english === 0) continue;
      read(english);
      next = end;
    }
  };

  return {
    of(text) {
      stamp++;
      if (stamp === 0xffffffff) {
        seen.fill(0);
        stamp = 1;
      }
      count = 0;
      weight = 1;
      lexicon.fill(0);
      const length = Math.min(text.length, 1000);
      let before = 0;
      let all = SEED;
      let position = 0;
      known = 0;
      lastIdea = 0;
      let at = 0;
      while (at < length) {
        if (at > HEAD_CHARACTERS) weight = TAIL_WEIGHT;
        const kind = CLASS[text.charCodeAt(at)] ?? 0;
        if (kind === LETTER || kind === DIGIT) {
          let h = SEED;
          let stem = 0;
          let size = 0;
          while (at < length && CLASS[text.charCodeAt(at)] === kind) {
            const code = FOLD[text.charCodeAt(at)] ?? 0;
            codes[size++] = code;
            h = hashStep(h, code);
            if (size >= 3) hit(h, ENTRY.beginning);
            if (size === 5) stem = h;
            at++;
          }
          if (kind === DIGIT) h = hashStep(SEED, 0x30 + Math.min(size, 5));
          position++;
          add(h, WORD);
          hit(h, ENTRY.whole);
          const word = wordOf(h);
          let english = englishOf(h, false);
          if (english === h) idea(h);
          if (english === h || (word >= 0 && word < COMMON_WORDS)) english = 0;
          // The longest beginning.
          if (english === 0 && word < 0)
            for (let i = 0, start = SEED; i < size; i++) {
              start = hashStep(start, codes[i] ?? 0);
              if (i >= LEAST_PREFIX - 1) english = englishOf(start, true) || english;
            }
          if (english !== 0) read(english);
          else if (word >= 0) words[known++] = word;
          if (before !== 0) {
            const pair = hashStep(before, h);
            add(pair, PAIR);
            hit(pair, ENTRY.whole);
            const meant = englishOf(pair, false);
            if (meant !== 0) read(meant);
          }
          if (position === 1) add(h, FIRST);
          all = hashStep(all, h);
          if (position === 2) add(hashStep(before, h), FIRST_PAIR);
          before = h;
          if (kind === DIGIT) continue;
          if (size > 5) add(stem, STEM);
          if (size > 4)
            for (let i = 0; i + 4 <= size; i++) {
              let piece = SEED;
              for (let j = i; j < i + 4; j++) piece = hashStep(piece, codes[j] ?? 0);
              add(i === 0 ? piece ^ 0x55 : piece, PIECE);
            }
        } else if (kind === SYLLABLE || kind === UNSPACED) {
          let size = 0;
          const isFirst = position === 0;
          while (at < length && CLASS[text.charCodeAt(at)] === kind) {
            codes[size++] = FOLD[text.charCodeAt(at)] ?? 0;
            at++;
          }
          position++;
          before = 0;
          for (let i = 0; i < size; i++) all = hashStep(all, codes[i] ?? 0);
          if (kind === SYLLABLE) run(0, size, 3, 1, LONGEST_SYLLABLES);
          else run(0, size, 5, 3, LONGEST_UNSPACED);
          if (isFirst) add(hashStep(hashStep(SEED, codes[0] ?? 0), size > 1 ? (codes[1] ?? 0) : 0), FIRST);
        } else {
          // Sentences and lines are borders of pairs; a mark between two words is none.
          const code = text.charCodeAt(at);
          if (code === 0x0a || code === 0x2e || code === 0x3f) before = 0;
          at++;
        }
      }
      if (position > 0 && length <= WHOLE_CHARACTERS) add(all, ALL);
      // Nothing of the text stays.
      codes.fill(0);
      features.hashed = count;
      features.wordCount = known;
      let best = -1;
      for (let k = 0; k < LEXICON_CATEGORIES; k++) {
        const found = lexicon[k] ?? 0;
        if (found === 0) continue;
        const row = BUCKETS + STRUCTURE.length + k * 4;
        rows[count++] = row;
        if (found > 1) rows[count++] = row + 1;
        if (found > 2) rows[count++] = row + 2;
        if (best < 0 || found > (lexicon[best] ?? 0)) best = k;
      }
      if (best >= 0) rows[count++] = BUCKETS + STRUCTURE.length + best * 4 + 3;
      features.count = structureOf(text, length, rows, count, BUCKETS);
      for (let i = features.hashed; i < features.count; i++) values[i] = 1;
      return features;
    },
  };
}
