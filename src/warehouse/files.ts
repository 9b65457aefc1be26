/** Small file operations that survive a crash: written, flushed, then made visible under their name at once. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const uniqueName = (): string => `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;

export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As if it had been written just now: what no version names yet may be deleted when it is old. */
export const touch = (path: string): Promise<void> => utimes(path, new Date(), new Date());

/** Moves files from one directory to another, flushed. */
export async function moveAllFlushed(from: string, to: string, names: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  await Promise.all(names.map((name) => touch(join(from, name))));
  await Promise.all(names.map((name) => syncPath(join(from, name))));
  await Promise.all(names.map((name) => rename(join(from, name), join(to, name))));
  await syncPath(to);
}

async function writeTemporary(path: string, content: string): Promise<string> {
  const temporary = join(dirname(path), `.tmp-${process.pid}-${uniqueName()}`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  return temporary;
}

/** Replaces a file at once. */
export async function writeFileAtomic(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = await writeTemporary(path, content);
  await rename(temporary, path);
  await syncPath(dirname(path));
}

/** Creates a file with its whole content, or answers false when the name is taken: the compare-and-swap of commits. */
export async function createFileOnce(path: string, content: string): Promise<boolean> {
  const temporary = await writeTemporary(path, content);
  try {
    await link(temporary, path);
    await syncPath(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary);
  }
}

/** Names in a directory; none when it does not exist. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Milliseconds since a file changed; Infinity when it is gone. */
export async function ageOf(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

export function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
