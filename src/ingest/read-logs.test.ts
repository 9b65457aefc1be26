/** Many logs at once, in threads or not: the same records, and one that cannot be read does not hold up the others. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pseudonym } from '../generation/ids.ts';
import { claudeCode } from './claude-code/door.ts';
import { entry } from './claude-code/entry.fixture.ts';
import { collect } from './door.fixture.ts';
import { readLogs } from './read-logs.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'logs-'));
});
afterAll(() => rm(directory, { recursive: true }));

const secret = 'a secret of this workspace';
const context = {
  hashAccount: (name: string) => pseudonym(secret, 'account', name),
  hashSession: (name: string) => pseudonym(secret, 'session', name),
};

async function read(paths: readonly string[], size: number) {
  const files = paths.map((path) => ({ path, size }));
  const results = await collect(readLogs(claudeCode, files, context, secret));
  return results
    .map((r) => ('log' in r ? { path: r.path, ...r.log } : { path: r.path, code: r.error.code }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

it('threads read what the process itself reads', async () => {
  const paths: string[] = [];
  for (let i = 0; i < 7; i++) {
    const lines = Array.from({ length: 20 }, (_, n) => entry({ message: { id: `m${i}-${n}` } }));
    paths.push(join(directory, `${i}.jsonl`));
    await writeFile(paths.at(-1) as string, [...lines, '{"usage": broken}', '{}'].join('\n'));
  }
  paths.push(join(directory, 'absent.jsonl'));
  const alone = await read(paths, 1);
  // So large that threads pay.
  expect(await read(paths, 1e9)).toEqual(alone);
  expect(alone).toHaveLength(8);
  expect(alone.at(-1)).toEqual({ path: join(directory, 'absent.jsonl'), code: 'not_found' });
  expect(alone[0]).toMatchObject({ count: 20, rejects: [{ line: 21, reason: 'the line is broken JSON' }] });
});
