import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Classifier } from '../classify/contract.ts';
import { loadRollup } from '../classify/rollup.ts';
import { classifyLines } from './classify.ts';

const seen: string[][] = [];
const classifier: Classifier = {
  id: 'test@1',
  batch: 2,
  classify(texts) {
    seen.push([...texts]);
    return texts.map((t) => {
      if (t.includes('elf'))
        return [
          { path: '/Games/Roleplaying Games', confidence: 0.9 },
          { path: '/Adult', confidence: 0.6 },
        ];
      return t.includes('unsure') ? [{ path: '/Science/Physics', confidence: 0.4 }] : null;
    });
  },
};

async function lines(text: string) {
  const out: unknown[] = [];
  for await (const line of classifyLines(Readable.from([text]), classifier, loadRollup())) out.push(line);
  return out;
}

it('labels prompts a line and as JSON; the text does not come out', async () => {
  const out = await lines('You are an elf in a tavern\n\n{"text":"unsure about this one"}\n{not JSON\n');
  expect(out).toMatchObject([
    { line: 1, path: '/Games/Roleplaying Games', category: 'roleplay', tag: 'adult', confidence: 0.9 },
    { line: 3, path: null, category: 'other', tag: 'other', confidence: null },
    { line: 4, path: null, category: 'other', classifier: 'test@1' },
  ]);
  expect(JSON.stringify(out)).not.toContain('tavern');
  expect(seen).toEqual([['You are an elf in a tavern', 'unsure about this one'], ['{not JSON']]);
});

it('names a line without text by its number', async () => {
  await expect(lines('hello\n{"prompt":"secret"}')).rejects.toThrow('Line 2 has no "text"');
});
