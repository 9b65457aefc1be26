/** Looks where agents keep their logs, so that a user need not know. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogDoor } from './door.ts';
import { LOG_DOORS } from './log-doors.ts';

export interface HomeLogs {
  format: string;
  path: string;
  files: number;
  bytes: number;
}

/** Directories that hold at least one log. What is missing or must not be read counts as empty. */
export async function findHomeLogs(env: NodeJS.ProcessEnv, home: string): Promise<HomeLogs[]> {
  const places = LOG_DOORS.flatMap((door) => door.homes(env, home).map((path) => ({ door, path })));
  const found = await Promise.all(
    places.map(async ({ door, path }) => ({ format: door.format, path, ...(await measure(path, door)) })),
  );
  return found.filter((place) => place.files > 0);
}

/** Links are not followed below the directory itself, so a loop of links cannot hold it up. */
async function measure(directory: string, door: LogDoor): Promise<{ files: number; bytes: number }> {
  const sum = { files: 0, bytes: 0 };
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      const below = await measure(path, door);
      sum.files += below.files;
      sum.bytes += below.bytes;
    } else if (entry.isFile() && isLogOf(door, path)) {
      sum.files++;
      sum.bytes += (await stat(path).catch(() => null))?.size ?? 0;
    }
  }
  return sum;
}

function isLogOf(door: LogDoor, path: string): boolean {
  const unpacked = path.replace(/\.(zst|gz)$/, '');
  return door.endings.some((ending) => unpacked.endsWith(ending)) && (door.isLog?.(unpacked) ?? true);
}
