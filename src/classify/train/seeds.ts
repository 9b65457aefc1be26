/**
 * The prompts that the embedded model is made from, written for it by hand: `seeds/<category>.txt`, a prompt a line;
 * `seeds/chat/<category>.txt`, lines in the manner of chats, some with slots that are filled from `seeds/chat/lists.txt`;
 * and `seeds/traffic/<kind>.txt`, what users of one kind would send, each line by itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { randomOf } from '../../generation/random.ts';
import { CATEGORIES } from '../categories.ts';

export interface Seed {
  text: string;
  /** Index in CATEGORIES. */
  category: number;
  path: string;
  language: string;
  /** Number of its block (one path in one language) among all. */
  block: number;
  /** Of users, where it is traffic of one; else null. */
  kind: string | null;
}

const SEEDS = new URL('../seeds/', import.meta.url);
/** How often a line with slots is filled. */
const FILLS = 5;

/** In a fixed order. */
export function readSeeds(): { seeds: Seed[] } {
  const seeds: Seed[] = [];
  const lists = readLists();
  let block = -1;
  for (const folder of ['', 'chat/', 'traffic/']) {
    const files = readdirSync(new URL(folder, SEEDS)).filter((f) => f.endsWith('.txt') && f !== 'lists.txt');
    for (const file of files.sort()) {
      const name = file.replace('.txt', '');
      const kind = folder === 'traffic/' ? name : null;
      let section = '';
      for (const { heading, line } of linesOf(`${folder}${file}`)) {
        if (heading !== section) block++;
        section = heading;
        const parts = heading.split(' | ');
        const [of = '', path = '', language = ''] = kind === null ? [name, ...parts] : parts;
        const category = (CATEGORIES as readonly string[]).indexOf(of);
        if (category < 0) throw new Error(`seeds/${folder}${file}: ${of} is no category`);
        const texts = folder === 'chat/' ? filled(line, language, lists) : [line];
        for (const text of texts) seeds.push({ text: plain(text), category, path, language, block, kind });
      }
    }
  }
  return { seeds: withoutDoubles(seeds) };
}

type Lists = ReadonlyMap<string, readonly string[]>;

/** By `name | language`: entries with semicolons between them, or a whole text behind a dash. */
function readLists(): Lists {
  const lists = new Map<string, string[]>();
  for (const { heading, line } of linesOf('chat/lists.txt')) {
    // Texts have semicolons of their own.
    const entries = line.startsWith('- ') ? [line.slice(2)] : line.split(';').map((entry) => entry.trim());
    lists.set(heading, [...(lists.get(heading) ?? []), ...entries]);
  }
  return lists;
}

/** The lines of a file, each with the `@` line above it. */
function linesOf(name: string): { heading: string; line: string }[] {
  const out: { heading: string; line: string }[] = [];
  let heading = '';
  for (const line of readFileSync(new URL(name, SEEDS), 'utf8').split('\n')) {
    if (line.startsWith('@ ')) heading = line.slice(2).trim();
    else if (line.trim() !== '' && !line.startsWith('# ')) out.push({ heading, line: line.trim() });
  }
  return out;
}

const SLOT = /\{([a-z]+)\}/g;

/** A line as often as its slots ask for, each time with other entries; the same every time. */
function filled(line: string, language: string, lists: Lists): string[] {
  const listOf = (name: string) => lists.get(`${name} | ${language}`) ?? lists.get(`${name} | en`);
  const random = randomOf([...line].reduce((h, c) => Math.imul(h ^ c.charCodeAt(0), 0x01000193), 1));
  const fill = (text: string): string =>
    text.replace(SLOT, (slot, name: string) => {
      const list = listOf(name);
      return list ? fill(list[Math.floor(random() * list.length)] ?? slot) : slot;
    });
  const hasSlots = [...line.matchAll(SLOT)].some(([, name = '']) => listOf(name));
  return [...new Set(Array.from({ length: hasSlots ? FILLS : 1 }, () => fill(line)))];
}

const plain = (line: string): string => line.replaceAll('\\n', '\n').trim();

function withoutDoubles(seeds: readonly Seed[]): Seed[] {
  const byText = new Map<string, Seed>();
  for (const seed of seeds) {
    const key = `${seed.category} ${seed.text}`;
    if (!byText.has(key)) byText.set(key, seed);
  }
  return [...byText.values()];
}
