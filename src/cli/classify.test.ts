import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Classifier } from '../classify/contract.ts';
import { linesOf } from '../classify/prompt-file.ts';
import { loadRollup } from '../classify/rollup.ts';
import { cli, finished, spawnCli, temporaryDirectory } from '../testing/workspace.ts';
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

const unread: number[] = [];
async function lines(text: string) {
  const out: unknown[] = [];
  unread.length = 0;
  const prompts = linesOf(Readable.from([text]), 'prompts');
  const all = classifyLines(prompts, classifier, loadRollup(), (n) => unread.push(n));
  for await (const line of all) out.push(line);
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

it('names lines without a prompt by their numbers and labels all others', async () => {
  const out = await lines('an elf\n{"note":"secret"}\n{"text":5}\nanother elf');
  expect(out).toMatchObject([{ line: 1 }, { line: 4 }]);
  expect(unread).toEqual([2, 3]);
});

it.each([
  ['/nowhere/at-all.txt', /does not exist/],
  [tmpdir(), /is no file/],
  [process.execPath, /holds no text/],
])('says what is wrong with %s', async (path, message) => {
  const { code, stderr, stdout } = await cli(['classify', path]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
});

it('labels a file and fails for what it could not read', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'prompts.ndjson');
  await writeFile(path, '{"text":5}\n{"text":"fix this null pointer in my java code"}\n');
  const { code, stderr, stdout } = await cli(['classify', path, '--format', 'json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ line: 2, category: 'programming' });
  expect(stderr).toContain('passed over: 1');
});

it('ends without an error when its reader has enough', async () => {
  const child = spawnCli(['classify', '-']);
  const ran = finished(child, 'write a poem about the sea\n'.repeat(20_000));
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await ran).toMatchObject({ code: 0, stderr: '' });
});
