/** Finding the logs of both agents below a home directory. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findHomeLogs } from './home-logs.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'home-logs-'));
});
afterEach(() => rm(home, { recursive: true }));

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), content);
}

it('finds nothing in an empty home, nor in one that does not exist', async () => {
  expect(await findHomeLogs({}, home)).toEqual([]);
  expect(await findHomeLogs({}, join(home, 'nowhere'))).toEqual([]);
});

it('counts the logs of each place, sub-agents’ and compressed ones too', async () => {
  await put('.claude/projects/-home-me-app/a.jsonl', '12345');
  await put('.claude/projects/-home-me-app/a/subagents/agent-1.jsonl', '123');
  await put('.claude/projects/-home-me-app/notes.md', 'not a log');
  await put('.codex/sessions/2026/05/01/rollout-1.jsonl', '1234');
  await put('.codex/sessions/2026/04/01/rollout-0.jsonl.zst', '12');
  await put('.codex/archived_sessions/rollout-2.jsonl', '1');
  await symlink(join(home, '.codex'), join(home, '.codex/sessions/loop'));
  expect(await findHomeLogs({}, home)).toEqual([
    { format: 'claude-code', path: join(home, '.claude/projects'), files: 2, bytes: 8 },
    { format: 'codex', path: join(home, '.codex/sessions'), files: 2, bytes: 6 },
    { format: 'codex', path: join(home, '.codex/archived_sessions'), files: 1, bytes: 1 },
  ]);
});

it('looks where the environment says', async () => {
  await put('one/projects/p/a.jsonl', '1');
  await put('two/sessions/a.jsonl', '22');
  const env = {
    CLAUDE_CONFIG_DIR: `${join(home, 'one')}, ${join(home, 'absent')}`,
    CODEX_HOME: join(home, 'two'),
  };
  expect((await findHomeLogs(env, '/nowhere')).map(({ path, bytes }) => [path, bytes])).toEqual([
    [join(home, 'one/projects'), 1],
    [join(home, 'two/sessions'), 2],
  ]);
});

it('leaves out what must not be read', async () => {
  await put('.claude/projects/open/a.jsonl', '1');
  await put('.claude/projects/shut/b.jsonl', '1');
  await chmod(join(home, '.claude/projects/shut'), 0);
  const [found] = await findHomeLogs({}, home);
  await chmod(join(home, '.claude/projects/shut'), 0o700);
  expect(found?.files).toBe(process.getuid?.() === 0 ? 2 : 1);
});
