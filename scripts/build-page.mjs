/** Builds web/ into dist/web and notes what it was built from. Run by bootstrap.mjs with the project's Node. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'vite';
import { borrowedHash, ownHash, PAGE, STAMP, WEB } from './lib/page.mjs';
import { ROOT } from './lib/run.mjs';

const own = ownHash();
/** @type {Set<string>} */
const borrowedFrom = new Set();
const fresh = join(ROOT, 'dist', `.web-${process.pid}`);
const old = `${fresh}-old`;

/** @param {string} id */
function noteModule(id) {
  const file = id.split('?')[0] ?? '';
  const path = relative(ROOT, file);
  const elsewhere = path.startsWith('..') || path.startsWith(`web${sep}`) || path.includes('node_modules');
  if (!elsewhere && existsSync(file)) borrowedFrom.add(dirname(path).split(sep).join('/'));
}

try {
  await build({
    root: WEB,
    logLevel: 'warn',
    build: { outDir: fresh, emptyOutDir: true },
    plugins: [
      {
        name: 'stateai-borrowed',
        buildEnd() {
          for (const id of this.getModuleIds()) noteModule(id);
        },
      },
    ],
  });
  // The page that is being served stays whole: one folder takes the other's place.
  if (existsSync(PAGE)) renameSync(PAGE, old);
  renameSync(fresh, PAGE);
  const folders = [...borrowedFrom].sort();
  writeFileSync(STAMP, JSON.stringify({ own, borrowedFrom: folders, borrowed: borrowedHash(folders) }));
} finally {
  rmSync(fresh, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}
