/** For tests: a door's answer to the given lines, sorted into records and rejects. */
import type { Generation } from '../../generation/generation.ts';
import type { DoorItem, LogDoor, Reject } from '../door.ts';

const context = { hashAccount: (name: string) => `a(${name})`, hashSession: (name: string) => `h(${name})` };

export async function readLog(
  door: LogDoor,
  lines: readonly string[],
  file = 'session.jsonl',
): Promise<{ items: DoorItem[]; generations: Generation[]; rejects: Reject[] }> {
  async function* numbered() {
    for (const [i, text] of lines.entries()) yield { text, line: i + 1 };
  }
  const items: DoorItem[] = [];
  for await (const item of door.read(file, numbered(), context)) items.push(item);
  return {
    items,
    generations: items.flatMap((item) => ('generation' in item ? [item.generation] : [])),
    rejects: items.flatMap((item) => ('reject' in item ? [item.reject] : [])),
  };
}
