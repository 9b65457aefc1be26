/** The seed prompts that the embedded model is made from: `seeds/<category>.txt`, written for it by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { contentHash } from '../../generation/ids.ts';
import { CATEGORIES } from '../categories.ts';

export interface Seed {
  text: string;
  /** Index in CATEGORIES. */
  category: number;
  path: string;
  language: string;
  /** Number of its block (one path in one language) among all. */
  block: number;
}

const SEEDS = new URL('../seeds/', import.meta.url);

/** In a fixed order. */
export function readSeeds(): { seeds: Seed[]; hash: string } {
  const seeds: Seed[] = [];
  const files = readdirSync(SEEDS)
    .filter((name) => name.endsWith('.txt'))
    .sort();
  const texts = files.map((name) => readFileSync(new URL(name, SEEDS), 'utf8'));
  let block = -1;
  for (const [i, name] of files.entries()) {
    const category = (CATEGORIES as readonly string[]).indexOf(name.replace('.txt', ''));
    if (category < 0) throw new Error(`seeds/${name} is no category`);
    let path = '';
    let language = '';
    for (const line of (texts[i] ?? '').split('\n')) {
      if (line.startsWith('@ ')) {
        [path = '', language = ''] = line.slice(2).split(' | ');
        block++;
      } else if (line.trim() !== '' && !line.startsWith('# '))
        seeds.push({
          text: line.replaceAll('\\n', '\n').trim(),
          category,
          path: path.trim(),
          language: language.trim(),
          block,
        });
    }
  }
  return { seeds, hash: contentHash(files.map((name, i) => `${name}\n${texts[i]}`).join('\n')) };
}
