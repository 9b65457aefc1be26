/**
 * One process at a time in a directory: PGlite is a whole database and must not be opened twice. The lock names a
 * process and when it started, so one that a crash or a power cut left behind holds nobody up.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explain } from '../generation/errors.ts';
import { AccountsError } from './errors.ts';

interface Owner {
  pid: number;
  /** When that process started, as the system says it; null where it does not. */
  started: string | null;
}

/**
 * @param waitMs how long to wait for the process that has it
 * @returns gives it back
 * @throws `accounts_in_use`
 */
export async function lockDirectory(directory: string, waitMs: number): Promise<() => Promise<void>> {
  const path = lockPath(directory);
  const mine = `${path}.${randomUUID()}`;
  const me: Owner = { pid: process.pid, started: startOf(process.pid) };
  try {
    await writeFile(mine, JSON.stringify(me), { mode: 0o600 });
    for (const end = Date.now() + waitMs; ; ) {
      if (await take(mine, path)) return () => rm(path, { force: true });
      const owner = await lockOwner(directory);
      if (owner === null) {
        await removeAbandoned(path, `${mine}.old`);
      } else if (Date.now() >= end) throw inUse(directory, owner);
      else await sleep(50);
    }
  } catch (error) {
    throw explain(error, `Locking ${directory}`);
  } finally {
    await rm(mine, { force: true });
  }
}

const lockPath = (directory: string): string => join(directory, 'lock');

/** The process that has a directory open; null = none. */
export async function lockOwner(directory: string): Promise<number | null> {
  try {
    return await ownerIn(lockPath(directory));
  } catch {
    return null;
  }
}

async function ownerIn(path: string): Promise<number | null> {
  const { pid, started } = JSON.parse(await readFile(path, 'utf8')) as Owner;
  return isThere(pid, started) ? pid : null;
}

/** Moves it to a name of our own first; if somebody else was faster and it is a new lock by now, it goes back. */
async function removeAbandoned(path: string, aside: string): Promise<void> {
  try {
    await rename(path, aside);
    if ((await ownerIn(aside).catch(() => null)) !== null) await link(aside, path);
  } catch {
    // Gone, or taken anew: the next look tells.
  } finally {
    await rm(aside, { force: true });
  }
}

/** `link` fails where the name exists, and what it makes is whole at once. */
async function take(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isThere(pid: number, started: string | null): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  // A process may have got the number of one that is gone.
  const now = startOf(pid);
  return started === null || now === null || started === now;
}

/** Boot and clock tick at which a process started (Linux); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Field 22; the name in field 2 may hold spaces and brackets.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}

const inUse = (directory: string, pid: number): AccountsError =>
  new AccountsError(
    'accounts_in_use',
    `${directory} is open in another process (${pid})`,
    'Stop it, or give it a PostgreSQL URL (STATEAI_DATABASE_URL), which several processes may share.',
    1,
  );
