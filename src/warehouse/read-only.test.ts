/** A data directory that may be read but not written, as a snapshot or somebody else's: exhibits come from it all the same. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, temporaryDirectory } from '../testing/workspace.ts';

const isRoot = process.getuid?.() === 0;
const inData = (path: string, ...args: string[]) => cli([...args, '--data', path, '--dataset', 'demo']);

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let data: string;
let before: string;
let isLocked = true;
beforeAll(async () => {
  directory = await temporaryDirectory();
  data = join(directory.path, 'data');
  await inData(data, 'simulate', '--generations', '2e4', '--seed', '3');
  before = (await inData(data, 'exhibit', 'F25', '--format', 'json')).stdout;
  rmSync(join(data, 'datasets', 'demo', 'catalog'), { recursive: true });
  rmSync(join(data, 'workspace.json'));
  try {
    // Permissions hold nobody back who is root.
    if (isRoot) {
      execFileSync('mount', ['--bind', data, data], { stdio: 'ignore' });
      execFileSync('mount', ['-o', 'remount,bind,ro', data], { stdio: 'ignore' });
    } else for (const path of everyDirectory(data)) chmodSync(path, 0o555);
  } catch {
    isLocked = false;
  }
});
afterAll(async () => {
  if (isRoot) execFileSync('sh', ['-c', `umount -l ${data} || true`], { stdio: 'ignore' });
  else for (const path of everyDirectory(data)) chmodSync(path, 0o755);
  await directory[Symbol.asyncDispose]();
});

const everyDirectory = (path: string): string[] => [
  path,
  ...readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => everyDirectory(join(path, entry.name))),
];
const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('stateai-read-'));

test('exhibits of it are the same, and nothing is left of what they needed', async ({ skip }) => {
  skip(!isLocked, 'no directory can be made read-only here');
  const others = scratch();
  const { stdout, stderr } = await inData(data, 'exhibit', 'F25', '--format', 'json');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(JSON.parse(before));
  expect(scratch()).toEqual(others);
});

test('what would write to it is refused, with the reason', async ({ skip }) => {
  skip(!isLocked, 'no directory can be made read-only here');
  const { code, stderr } = await inData(data, 'simulate', '--generations', '1e4');
  expect(code).toBe(1);
  expect(stderr).toMatch(/read-only|no permission/);
});
