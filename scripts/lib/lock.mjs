/**
 * A lock between processes: a directory that names its owner. It appears and disappears whole, by renaming. The lock
 * of an owner that is gone is taken over once only: its new name is made of the dead owner's token, and renaming onto
 * a directory that is not empty fails, so nobody who decided late can take away a living owner's lock.
 */
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { note, onChild, onSuddenExit, quitIfStopped, ROOT } from './run.mjs';

const HEARTBEAT = 2000;
/** An owner that cannot be asked (another container, a reused process id) and is silent for this long is gone. */
const SILENT = 300_000;
const KEEP_REMAINS = 600_000;

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} action
 * @param {{ dir?: string, poll?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(name, action, options = {}) {
  const dir = options.dir ?? join(ROOT, 'dist', '.locks');
  const lock = join(dir, name);
  const token = randomUUID();
  await acquire(lock, token, options.poll ?? 200);
  const release = () => {
    const remains = `${lock}.${token}`;
    renameSync(lock, remains);
    rmSync(remains, { recursive: true, force: true });
  };
  onSuddenExit(release);
  // Killed outright, we leave behind a child that goes on with the work: the lock lasts as long as it does.
  onChild((pid) => writeFileSync(join(lock, 'child'), String(pid)));
  const heartbeat = setInterval(() => touch(lock), HEARTBEAT);
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    onSuddenExit(() => undefined);
    onChild(() => undefined);
    release();
  }
}

/**
 * @param {string} lock
 * @param {string} token
 * @param {number} poll
 */
async function acquire(lock, token, poll) {
  mkdirSync(dirname(lock), { recursive: true });
  sweep(dirname(lock));
  const mine = `${lock}.new-${token}`;
  mkdirSync(mine);
  writeFileSync(join(mine, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname(), token }));
  try {
    let told = false;
    let beat = { at: 0, seen: performance.now() };
    for (;;) {
      if (moved(mine, lock)) return;
      quitIfStopped();
      const owner = readOwner(lock);
      if (owner) {
        if (owner.beat !== beat.at) beat = { at: owner.beat, seen: performance.now() };
        const here = owner.host === hostname();
        if ((here && !owner.pids.some(alive)) || performance.now() - beat.seen > SILENT) {
          moved(lock, `${lock}.gone-${owner.token}`);
          continue;
        }
        if (!told) note(`waiting for process ${owner.pids.join(', ')} to finish the setup …`);
        told = true;
      }
      await new Promise((resolve) => setTimeout(resolve, poll));
    }
  } finally {
    rmSync(mine, { recursive: true, force: true });
  }
}

/** @param {string} lock */
function readOwner(lock) {
  try {
    const { pid, host, token } = JSON.parse(readFileSync(join(lock, 'owner.json'), 'utf8'));
    const child = join(lock, 'child');
    const pids = existsSync(child) ? [pid, Number(readFileSync(child, 'utf8'))] : [pid];
    return { pids, host, token, beat: statSync(lock).mtimeMs };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    return undefined; // released in between
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * False when another was quicker.
 * @param {string} from
 * @param {string} to
 */
function moved(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT', 'EACCES'].includes(code)) return false;
    throw error;
  }
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A missed heartbeat is no reason to stop.
  }
}

/** What dead owners left behind, once nobody can still be deciding about them. @param {string} dir */
function sweep(dir) {
  for (const name of readdirSync(dir)) {
    if (!name.includes('.')) continue;
    try {
      if (Date.now() - statSync(join(dir, name)).mtimeMs > KEEP_REMAINS)
        rmSync(join(dir, name), { recursive: true, force: true });
    } catch {
      // Swept by another.
    }
  }
}
