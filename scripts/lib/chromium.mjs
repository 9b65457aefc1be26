/** A Chromium for the browser tests: one that is here, or on Debian the distribution's. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { note, Quit, run, runQuietly } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** The variables that name one outright. @param {NodeJS.ProcessEnv} env */
const namedIn = (env) => env.STATEAI_CHROMIUM || env.CHROMIUM;

/** Looks, installs nothing. */
export function findChromium(env = process.env) {
  const named = namedIn(env);
  if (named) return existsSync(named) ? named : undefined;
  const dirs = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...dirs.flatMap((dir) => NAMES.map((name) => join(dir, name))), ...PLACES].find(isProgram);
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Finds one, or installs it where that is possible without asking anybody. */
export async function ensureChromium() {
  const found = findChromium();
  if (found || namedIn(process.env)) return found;
  const root = await rootPrefix();
  if (!isDebian() || !root) return undefined;
  note('installing Chromium for the browser tests (once) …');
  const apt = [
    ...root,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=120',
  ];
  const [program = 'env', ...args] = apt;
  try {
    await runQuietly(program, [...args, 'update'], 'apt-get update failed');
    await runQuietly(
      program,
      [...args, 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
      'apt-get install chromium failed',
    );
  } catch (error) {
    if (!(error instanceof Quit) || error.code > 128) throw error;
    note(error.message);
  }
  return findChromium();
}

/** Ubuntu's package of that name only points to a snap. */
function isDebian() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || !existsSync('/etc/os-release'))
    return false;
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^ID(_LIKE)?=.*\bdebian\b/m.test(release) && !/ubuntu/i.test(release);
}

/** What to put before a command to run it as root; undefined when that needs a password. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  try {
    return (await run('sudo', ['-n', 'true'], { stdio: 'ignore' })) === 0 ? ['sudo', '-n'] : undefined;
  } catch {
    return undefined; // no sudo here
  }
}
