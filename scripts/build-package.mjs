/**
 * Builds dist/ for the npm package next to the page that is already there: JavaScript and type declarations of src/,
 * and every other file of src/ (SQL, JSON, YAML …) at the same place. Run by bootstrap.mjs with the project's Node.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesUnder, isForTests } from './lib/files.mjs';
import { programOf } from './lib/programs.mjs';
import { ROOT } from './lib/run.mjs';

const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');

for (const name of existsSync(DIST) ? readdirSync(DIST) : [])
  if (name !== 'web' && !name.startsWith('.')) rmSync(join(DIST, name), { recursive: true, force: true });

const tsc = spawnSync(process.execPath, [programOf('typescript', 'tsc'), '-p', 'tsconfig.build.json'], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

for (const file of filesUnder(SRC)) {
  if (/\.[cm]?tsx?$/.test(file) || isForTests(file)) continue;
  const target = join(DIST, relative(SRC, file));
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
}

const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
for (const path of Object.values(bin)) {
  const file = join(ROOT, String(path));
  if (!existsSync(file) || !readFileSync(file, 'utf8').startsWith('#!/usr/bin/env node\n')) {
    console.error(`${file} is missing or does not begin with #!/usr/bin/env node`);
    process.exit(1);
  }
  chmodSync(file, 0o755);
}
