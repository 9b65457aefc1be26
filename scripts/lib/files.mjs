/** Walking and hashing source files. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const NOT_SOURCE = /^(\..*|node_modules|dist|coverage)$/;

/** Files that only tests use. @param {string} path */
export const isForTests = (path) =>
  /\.(test|fixture)\.[cm]?[jt]sx?$/.test(path) ||
  /(^|[\\/])(fixtures|__fixtures__|__snapshots__)[\\/]/.test(path);

/**
 * All files under a directory, sorted, without what is installed, built or hidden.
 * @param {string} dir
 * @returns {string[]}
 */
export function filesUnder(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => !NOT_SOURCE.test(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(dir, entry.name)) : [join(dir, entry.name)]))
    .sort();
}

/**
 * @param {string[]} files
 * @param {string} root names in the hash are relative to this
 */
export function hashOf(files, root) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file).split(sep).join('/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
