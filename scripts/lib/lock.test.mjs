import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

/** @type {string} */
let dir;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stateai-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A lock whose owner has ended. */
function leaveDeadLock() {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  mkdirSync(join(dir, 'job'));
  writeFileSync(join(dir, 'job', 'owner.json'), JSON.stringify({ pid, host: hostname(), token: 'dead' }));
}

test('many processes take turns, also when they all find the lock of a dead owner', async () => {
  leaveDeadLock();
  const log = join(dir, '..', `${dir.split('/').pop()}.log`);
  const program = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
    await withLock('job', async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((resolve) => setTimeout(resolve, 30));
      appendFileSync(${JSON.stringify(log)}, 'out\\n');
    }, { dir: ${JSON.stringify(dir)}, poll: 5 });`;
  const ends = Array.from({ length: 8 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    return new Promise((resolve) => child.once('close', resolve));
  });
  expect(await Promise.all(ends)).toEqual(Array(8).fill(0));
  expect(readFileSync(log, 'utf8')).toBe('in out\n'.repeat(8));
  rmSync(log);
});

test('the lock is free again after a failure', async () => {
  const failing = withLock('job', () => Promise.reject(new Error('no luck')), { dir });
  await expect(failing).rejects.toThrow('no luck');
  const log = join(dir, 'log.txt');
  await withLock('job', async () => appendFileSync(log, 'done'), { dir });
  expect(readFileSync(log, 'utf8')).toBe('done');
});
