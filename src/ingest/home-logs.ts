/** Looks where Claude Code and Codex keep their logs, so that a user need not know. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { claudeCode } from './claude-code/door.ts';
import { codex } from './codex/door.ts';

export interface HomeLogs {
  format: 'claude-code' | 'codex';
  path: string;
  files: number;
  bytes: number;
}

/** Directories that hold at least one log. What is missing or must not be read counts as empty. */
export async function findHomeLogs(env: NodeJS.ProcessEnv, home: string): Promise<HomeLogs[]> {
  const places = [
    ...claudeCode.homes(env, home).map((path) => ({ format: 'claude-code' as const, path })),
    ...codex.homes(env, home).map((path) => ({ format: 'codex' as const, path })),
  ];
  const found = await Promise.all(
    places.map(async (place) => ({ ...place, ...(await measure(place.path)) })),
  );
  return found.filter((place) => place.files > 0);
}

/** Links are not followed below the directory itself, so a loop of links cannot hold it up. */
async function measure(directory: string): Promise<{ files: number; bytes: number }> {
  const sum = { files: 0, bytes: 0 };
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const below = await measure(path);
      sum.files += below.files;
      sum.bytes += below.bytes;
    } else if (entry.isFile() && /\.jsonl(\.zst)?$/.test(entry.name)) {
      sum.files++;
      sum.bytes += (await stat(path).catch(() => null))?.size ?? 0;
    }
  }
  return sum;
}
