/** The web page: built into dist/web when its sources are not those it was last built from. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, hashOf, isForTests } from './files.mjs';
import { withLock } from './lock.mjs';
import { note, ROOT, runQuietly } from './run.mjs';

export const WEB = join(ROOT, 'web');
export const PAGE = join(ROOT, 'dist', 'web');
export const STAMP = join(ROOT, 'dist', '.page.json');

/** Builds the page if needed. A clone without a web folder has no page. @param {string} node */
export async function ensurePage(node) {
  if (!existsSync(join(WEB, 'index.html')) || isFresh()) return;
  await withLock('page', async () => {
    if (isFresh()) return;
    const began = Date.now();
    note('building the page …');
    rmSync(STAMP, { force: true });
    await runQuietly(node, [join(ROOT, 'scripts', 'build-page.mjs')], 'Building the page failed', {
      env: { NODE_ENV: 'production' },
    });
    note(`page built in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  });
}

function isFresh() {
  if (!existsSync(STAMP) || !existsSync(join(PAGE, 'index.html'))) return false;
  const stamp = JSON.parse(readFileSync(STAMP, 'utf8'));
  return stamp.own === ownHash() && stamp.borrowed === borrowedHash(stamp.borrowedFrom);
}

/** The page's own sources, and the versions of what builds them. */
export const ownHash = () =>
  hashOf([...filesUnder(WEB).filter((f) => !isForTests(f)), join(ROOT, 'package-lock.json')], ROOT);

/**
 * What the page takes from elsewhere in the project: the folders of these files as they stand, because a page may
 * take in all files of a folder.
 * @param {string[]} folders relative to the project
 */
export function borrowedHash(folders) {
  const files = folders.flatMap((folder) => {
    const dir = join(ROOT, folder);
    if (!existsSync(dir)) return [];
    const entries = readdirSync(dir, { withFileTypes: true });
    return entries.filter((e) => e.isFile()).map((e) => join(dir, e.name));
  });
  return hashOf(files.filter((f) => !isForTests(f)).sort(), ROOT);
}
