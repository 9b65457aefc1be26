/** Finding the logs of agents below a home directory. */
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

it('follows links to files and directories elsewhere, each once', async () => {
  await put('elsewhere/a.jsonl', '123');
  await put('elsewhere/notes.md', 'not a log');
  await put('one/b.jsonl', '1');
  await mkdir(join(home, '.claude/projects'), { recursive: true });
  await put('.claude/projects/p/c.jsonl', '12');
  for (const [target, link] of [
    ['elsewhere', 'd'],
    ['elsewhere', 'again'],
    ['elsewhere/a.jsonl', 'a.jsonl'],
    ['one/b.jsonl', 'b.jsonl'],
    ['.claude/projects/p', 'same'],
    ['nowhere', 'dangling.jsonl'],
    ['.claude/projects/circle.jsonl', 'circle.jsonl'],
  ] as const)
    await symlink(join(home, target), join(home, '.claude/projects', link));
  await symlink('/dev/zero', join(home, '.claude/projects/endless.jsonl'));
  const [found] = await findHomeLogs({}, home);
  expect(found).toMatchObject({ files: 3, bytes: 6 });
});

it('tells logs from what else lies beside them', async () => {
  await put('.local/share/opencode/opencode.db', '12345');
  await put('.local/share/opencode/auth.json', 'keys');
  await put('.local/share/opencode/storage/message/ses_1/msg_1.json', '123');
  await put('.local/share/opencode/storage/part/msg_1/prt_1.json', 'text');
  await put('.gemini/tmp/ab12/chats/session-1.json', '1234');
  await put('.gemini/tmp/ab12/chats/session-2.jsonl', '12');
  await put('.gemini/tmp/ab12/logs.json', 'what was typed');
  await put('.gemini/oauth_creds.json', 'keys');
  expect(await findHomeLogs({}, home)).toEqual([
    { format: 'opencode', path: join(home, '.local/share/opencode'), files: 2, bytes: 8 },
    { format: 'gemini-cli', path: join(home, '.gemini/tmp'), files: 2, bytes: 6 },
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
