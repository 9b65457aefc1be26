#!/usr/bin/env node
/**
 * The one way into a clone: sets up what is missing, then runs the command with a Node new enough for it.
 * Plain JavaScript for Node 18 and later, and nothing from node_modules, because it runs before there is any.
 * All that setting up has to say goes to stderr; stdout belongs to the command.
 *
 *   node scripts/bootstrap.mjs start|stateai|test|unit|build [arguments]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, nodeForProject } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';
import { ensurePage } from './lib/page.mjs';
import { COMPILE_CACHE, fail, handleSignals, note, Quit, ROOT, run, runQuietly } from './lib/run.mjs';
import { runTests } from './lib/tests.mjs';

const NEEDS_PAGE = ['start', 'report'];

/** The CLI of this clone, with file arguments and data where the user expects them. @param {string[]} args */
async function cli(args) {
  const main = join(ROOT, 'src', 'cli', 'main.ts');
  if (!existsSync(main)) fail(`${main} is missing: this clone is not complete.`);
  const node = await ready({ page: NEEDS_PAGE.includes(args.find((a) => !a.startsWith('-')) ?? '') });
  // npm moves to the project folder. File names on the command line mean the folder they were typed in,
  // while the data stays with the clone.
  const typedIn =
    process.env.npm_lifecycle_event && process.cwd() === ROOT ? process.env.INIT_CWD : undefined;
  const elsewhere = typedIn && typedIn !== ROOT && existsSync(typedIn);
  return run(node, ['--disable-warning=ExperimentalWarning', main, ...args], {
    cwd: elsewhere ? typedIn : process.cwd(),
    env: {
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...(elsewhere ? { STATEAI_DATA: process.env.STATEAI_DATA || join(ROOT, '.stateai') } : {}),
    },
  });
}

/** Dependencies, and on request the page. Answers the Node to run things with. @param {{ page: boolean }} needs */
async function ready({ page }) {
  await ensureInstalled();
  const node = nodeForProject();
  if (page) await ensurePage(node);
  return node;
}

async function build() {
  const node = await ready({ page: true });
  await withLock('build', async () => {
    note('building dist/ …');
    await runQuietly(node, [join(ROOT, 'scripts', 'build-package.mjs')], 'The build failed');
  });
  return 0;
}

const [command = '', ...args] = process.argv.slice(2);
/** @type {Record<string, () => Promise<number>>} */
const commands = {
  start: () => cli(['start', ...args]),
  stateai: () => cli(args),
  test: async () => runTests(await ready({ page: true }), args, { unitOnly: false }),
  unit: async () => runTests(await ready({ page: false }), args, { unitOnly: true }),
  build,
};

handleSignals();
try {
  const action = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!action) fail(`Usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`);
  process.exitCode = await action();
} catch (error) {
  if (!(error instanceof Quit)) throw error;
  if (error.message) note(error.message);
  process.exitCode = error.code;
}
