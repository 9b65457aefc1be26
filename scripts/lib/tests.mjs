/** What `npm test` does: types, lint, tests; stops at the first that fails. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { filesUnder } from './files.mjs';
import { programOf } from './programs.mjs';
import { COMPILE_CACHE, note, quitIfStopped, ROOT, run } from './run.mjs';

/** Browser tests are those under this folder. */
const E2E = join(ROOT, 'e2e');

/**
 * @param {string} node
 * @param {string[]} args for Vitest
 * @param {{ unitOnly: boolean }} options
 * @returns {Promise<number>} exit code
 */
export async function runTests(node, args, { unitOnly }) {
  if (!unitOnly) {
    const steps = [
      { title: 'Types (tsc)', program: programOf('typescript', 'tsc'), args: ['--noEmit'] },
      { title: 'Lint and format (biome)', program: programOf('@biomejs/biome', 'biome'), args: biomeArgs() },
    ];
    for (const step of steps) {
      console.log(`\n── ${step.title}`);
      const code = await run(node, [step.program, ...step.args]);
      quitIfStopped();
      if (code !== 0) {
        console.log(`\nFAILED: ${step.title}. The steps after it were not run.`);
        return code;
      }
    }
  }
  const wantsBrowser = !unitOnly && needsBrowser(args, browserTests());
  const chromium = wantsBrowser ? await ensureChromium() : undefined;
  const noBrowser = wantsBrowser && !chromium;
  if (noBrowser) console.log(`\n${NO_BROWSER}`);
  console.log('\n── Tests (vitest)');
  const code = await vitest(node, args, {
    exclude: unitOnly || noBrowser,
    chromium,
    afterwards: noBrowser ? NO_BROWSER : '',
  });
  quitIfStopped();
  return code;
}

const NO_BROWSER = `!! BROWSER TESTS (e2e/) SKIPPED: no Chromium or Chrome was found, and it could not be installed.
!! Install one (Debian: apt-get install chromium) or set STATEAI_CHROMIUM to its path, then run npm test again.`;

const biomeArgs = () => ['check', '--no-errors-on-unmatched', '--diagnostic-level=warn'];

const browserTests = () =>
  filesUnder(E2E)
    .filter((f) => f.endsWith('.test.ts'))
    .map((f) => relative(ROOT, f).split(sep).join('/'));

/**
 * Whether a run with these arguments comes to a browser test. A file filter is a part of a path.
 * @param {string[]} args
 * @param {string[]} tests
 */
export function needsBrowser(args, tests) {
  const filters = args.filter((a, i) => !a.startsWith('-') && !args[i - 1]?.startsWith('-'));
  return tests.some(
    (test) => filters.length === 0 || filters.some((f) => test.includes(f.replace(/^\.\//, ''))),
  );
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {{ exclude: boolean, chromium: string | undefined, afterwards: string }} options
 */
async function vitest(node, args, { exclude, chromium, afterwards }) {
  const dir = mkdtempSync(join(tmpdir(), 'stateai-test-'));
  const results = join(dir, 'results.json');
  try {
    const reporters = args.some((a) => a.startsWith('--reporter')) ? [] : ['--reporter=default'];
    const code = await run(
      node,
      [
        programOf('vitest', 'vitest'),
        'run',
        ...reporters,
        '--reporter=json',
        `--outputFile.json=${results}`,
        ...(exclude ? ['--project=!browser'] : []),
        ...(afterwards ? ['--passWithNoTests'] : []),
        ...args,
      ],
      {
        env: {
          NODE_ENV: 'test',
          NODE_COMPILE_CACHE: COMPILE_CACHE,
          ...(chromium ? { STATEAI_CHROMIUM: chromium } : {}),
        },
      },
    );
    if (afterwards) console.log(`\n${afterwards}\n`);
    if (existsSync(results)) console.log(summary(JSON.parse(readFileSync(results, 'utf8'))));
    else note('Vitest wrote no results.');
    return code;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * One line of numbers. A file that fails before its first test counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests?: number,
 *           testResults?: { status: string, assertionResults?: { status: string }[] }[] }} results
 */
export function summary(results) {
  const broken = (results.testResults ?? []).filter(
    (file) => file.status === 'failed' && !(file.assertionResults ?? []).some((t) => t.status === 'failed'),
  ).length;
  const skipped = results.numPendingTests + (results.numTodoTests ?? 0);
  return `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed, ${skipped} skipped`;
}
