/** For tests: a door's answer to the given lines, sorted into records and rejects. */
import type { Generation } from '../generation/generation.ts';
import type { DoorItem, LogDoor, Reject } from './door.ts';
import { readerOf } from './log-reader.ts';

export const context = {
  hashAccount: (name: string) => `a(${name})`,
  hashSession: (name: string) => `h(${name})`,
};

export interface Sorted {
  items: DoorItem[];
  generations: Generation[];
  rejects: Reject[];
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

export async function sorted(source: AsyncIterable<DoorItem>): Promise<Sorted> {
  const items = await collect(source);
  return {
    items,
    generations: items.flatMap((item) => ('generation' in item ? [item.generation] : [])),
    rejects: items.flatMap((item) => ('reject' in item ? [item.reject] : [])),
  };
}

export async function readLog(
  door: LogDoor,
  lines: readonly string[],
  file = 'session.jsonl',
): Promise<Sorted> {
  async function* numbered() {
    for (const [i, text] of lines.entries()) yield { text, line: i + 1 };
  }
  return sorted(readerOf(door)(file, numbered(), context));
}

/** What a dataset keeps of records that may repeat an id: the fullest, and of equals the earliest. */
export function keep(generations: readonly Generation[]): Generation[] {
  const kept = new Map<string, Generation>();
  for (const g of generations) {
    const before = kept.get(g.id);
    const more = (g.completionTokens ?? 0) - (before?.completionTokens ?? 0);
    if (!before || more > 0 || (more === 0 && g.createdAt < before.createdAt)) kept.set(g.id, g);
  }
  return [...kept.values()].sort((a, b) => a.createdAt - b.createdAt);
}
