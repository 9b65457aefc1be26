/** node_modules as package-lock.json says, and the Node that runs the project. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { fail, note, ROOT, run, runQuietly } from './run.mjs';

const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.stateai-install');
const LOCKFILE = join(ROOT, 'package-lock.json');
const OLDEST_NODE = 24;
const INCOMPLETE = 'Some of the dependencies could not be installed';

/**
 * @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 * @typedef {{ os: string, cpu: string, libc: string | undefined }} Platform
 */

/** What an installation is for: this lock file on this platform. */
const wanted = () =>
  createHash('sha256')
    .update(readFileSync(LOCKFILE))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

const stamped = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();

/** Installs what is missing; when nothing is, costs the reading of one file. */
export async function ensureInstalled() {
  if (!existsSync(LOCKFILE)) fail(`${LOCKFILE} is missing: this clone is not complete.`);
  if (stamped()) return;
  await withLock('install', async () => {
    if (stamped()) return; // another process was quicker
    if (!isComplete()) await install(); // or somebody ran npm themselves
    await ensureNode();
    writeFileSync(STAMP, wanted());
  });
}

async function install() {
  const began = Date.now();
  note('installing dependencies (once; takes a minute or so) …');
  rmSync(STAMP, { force: true });
  await npm(['ci', '--include=dev', '--include=optional'], 'Installing the dependencies failed');
  if (!isComplete()) {
    // An older Node's npm passes over the optional packages that want a newer one, among them binaries we need.
    await ensureNode();
    await npm(['install', '--no-save', '--include=dev', '--include=optional'], INCOMPLETE, nodeForProject());
    if (!isComplete()) note(`${INCOMPLETE}; going on all the same.`);
  }
  note(`installed in ${Math.round((Date.now() - began) / 1000)} s.`);
}

/**
 * npm with the settings of the user, except those that would leave out what the project needs. Asked to be quiet by
 * `npm run -s`, it would fail without a word, so it gets its own level.
 * @param {string[]} args
 * @param {string} failure
 * @param {string} [node] to run npm with; its own if none is given
 */
async function npm(args, failure, node) {
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false', '--dry-run=false'];
  const path = node ? { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` } : {};
  const env = { NODE_ENV: '', ...path };
  const cli = process.env.npm_execpath;
  if (cli && /^npm-cli\.c?js$/.test(basename(cli)) && existsSync(cli)) {
    const own = process.env.npm_node_execpath;
    const program = node ?? (own && existsSync(own) ? own : process.execPath);
    await runQuietly(program, [cli, ...args, ...options], failure, { env });
  } else {
    const windows = process.platform === 'win32';
    await runQuietly(windows ? 'npm.cmd' : 'npm', [...args, ...options], failure, { env, shell: windows });
  }
}

/** @param {string} file @returns {LockedPackages} */
const readLock = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** Whether everything is there, whoever installed it. */
function isComplete() {
  const hidden = join(MODULES, '.package-lock.json');
  return existsSync(hidden) && satisfies(readLock(hidden), readLock(LOCKFILE), thisPlatform());
}

/** @returns {Platform} */
function thisPlatform() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } } | undefined} */ (
    process.platform === 'linux' ? process.report?.getReport() : undefined
  );
  const libc = report && (report.header?.glibcVersionRuntime ? 'glibc' : 'musl');
  return { os: process.platform, cpu: process.arch, libc };
}

/**
 * Optional packages may be missing, except the binaries made for this very platform.
 * @param {LockedPackages} installed
 * @param {LockedPackages} locked
 * @param {Platform} platform
 */
export function satisfies(installed, locked, platform) {
  return Object.entries(locked).every(([path, p]) => {
    if (path === '') return true;
    const here = installed[path];
    return here ? here.version === p.version : p.optional && !isMadeFor(p, platform);
  });
}

/** @param {LockedPackage} p @param {Platform} platform */
const isMadeFor = (p, { os, cpu, libc }) =>
  p.os?.includes(os) && p.cpu?.includes(cpu) && (!p.libc || !libc || p.libc.includes(libc));

/** The Node to run the project with: this one if it is new enough, else the one among the dependencies. */
export function nodeForProject() {
  if (isNewEnough()) return process.execPath;
  return bundledNode() ?? fail(needNode('the one among the dependencies is missing'));
}

const isNewEnough = () => Number(process.versions.node.split('.')[0]) >= OLDEST_NODE;
/** @param {string} why */
const needNode = (why) =>
  `StateAI needs Node ${OLDEST_NODE} or later; this is ${process.version}, and ${why}. Install a newer Node and try again.`;

/** @returns {string | undefined} */
function bundledNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const home = join(MODULES, 'node');
  const homes = [home];
  for (const dir of [join(home, 'node_modules'), MODULES])
    if (existsSync(dir))
      for (const name of readdirSync(dir))
        if (/^node-(bin-)?(linux|darwin|win)-/.test(name)) homes.push(join(dir, name));
  return homes
    .map((dir) => join(dir, 'bin', file))
    .find((path) => existsSync(path) && statSync(path).size > 1_000_000);
}

/** Where npm does not run install scripts, the `node` package has fetched nothing yet. */
async function ensureNode() {
  if (isNewEnough()) return;
  if (!bundledNode()) {
    const home = join(MODULES, 'node');
    await runQuietly(process.execPath, ['installArchSpecificPackage.js'], 'Fetching a newer Node failed', {
      cwd: home,
    });
  }
  const node = nodeForProject();
  const code = await run(node, ['--version'], { stdio: 'ignore' });
  if (code !== 0) fail(needNode(`the one among the dependencies does not run here`));
}
