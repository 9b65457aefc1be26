/** Running other programs: signals go through to them, and their exit codes come back. */
import { spawn } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where Node keeps what it compiled, as it would choose itself: named before a program starts, it holds for its first module too. */
export const COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || join(tmpdir(), 'node-compile-cache');

/** Ends the program with a message and a code, and no stack trace. */
export class Quit extends Error {
  /**
   * @param {string} message
   * @param {number} [code]
   */
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
export function fail(message) {
  throw new Quit(message);
}

/** @param {string} message */
export function note(message) {
  process.stderr.write(`stateai: ${message}\n`);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
/** @type {NodeJS.Signals | undefined} */
let stoppedBy;
let lastSignal = Number.NEGATIVE_INFINITY;

/** The exit code a shell gives for a program ended by this signal. @param {NodeJS.Signals} signal */
const signalCode = (signal) => 128 + constants.signals[signal];

/**
 * One Ctrl-C reaches us once from the terminal and once more from npm: within a second all of it counts as one. The
 * terminal has told the children too; only one that is still there long after is told again.
 * @param {NodeJS.Signals} signal
 */
function onSignal(signal) {
  stoppedBy = signal;
  if (performance.now() - lastSignal < 1000) return;
  lastSignal = performance.now();
  if (children.size === 0) {
    releaseOnExit();
    process.exit(signalCode(signal));
  }
  const tell = () => {
    for (const child of children) child.kill(signal);
  };
  if (signal === 'SIGINT' && [0, 1, 2].some((fd) => isatty(fd))) setTimeout(tell, 5000).unref();
  else tell();
}

/** Called once, by the program that is run; to import this file changes nothing. */
export function handleSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, onSignal);
  // npm passes a SIGTERM on to the shell between it and us, and some shells end without telling anybody.
  const shell = process.ppid;
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    onSignal('SIGTERM');
  }, 250);
  watch.unref();
}

/** @type {() => void} */
let releaseOnExit = () => undefined;
/** What to put in order if a signal ends us while no child is running. @param {() => void} action */
export function onSuddenExit(action) {
  releaseOnExit = action;
}

/** @type {(pid: number) => void} */
let tellOfChild = () => undefined;
/** Who wants to know of the programs that are run. @param {(pid: number) => void} action */
export function onChild(action) {
  tellOfChild = action;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions,
 *           shell?: boolean, onOutput?: (text: string) => void }} [options]
 * @returns {Promise<number>} the exit code
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: options.stdio ?? 'inherit',
      shell: options.shell ?? false,
    });
    children.add(child);
    if (child.pid) tellOfChild(child.pid);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => options.onOutput?.(text));
    child.once('error', (error) => {
      children.delete(child);
      reject(new Quit(`Cannot run ${program}: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve(code ?? signalCode(signal ?? 'SIGTERM'));
    });
  });
}

/**
 * A step of the setup: silent when it works, its whole output on stderr when it does not.
 * @param {string} program
 * @param {string[]} args
 * @param {string} failure
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 */
export async function runQuietly(program, args, failure, options = {}) {
  let output = '';
  const code = await run(program, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    onOutput: (text) => {
      output += text;
    },
  });
  quitIfStopped();
  if (code === 0) return;
  process.stderr.write(output.endsWith('\n') || output === '' ? output : `${output}\n`);
  fail(`${failure} (exit code ${code}).`);
}

/** Between two steps: goes no further after Ctrl-C. */
export function quitIfStopped() {
  if (stoppedBy) throw new Quit('stopped.', signalCode(stoppedBy));
}
