/** Commands of ours in processes of their own, which yield to what the server answers. */
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setting } from '../generation/setting.ts';

/** The command line's entry, as TypeScript in a clone and as JavaScript in the package. */
const entry = fileURLToPath(
  new URL(`../cli/main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url),
);

interface RunOptions {
  onText?(text: string): void;
  signal?: AbortSignal;
  /** Variables that the command sees where this process has none of that name. */
  env?: Readonly<Record<string, string>>;
}

/** Runs a command of ours in another process, so that the server answers meanwhile. */
export function runCommand(
  args: string[],
  { onText = () => undefined, signal, env }: RunOptions = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...env, ...process.env, NO_COLOR: '1' },
      signal,
    });
    // The gateway's answers come first.
    if (child.pid !== undefined) lowerPriority(child.pid);
    child.stderr.on('data', (chunk: Buffer) => onText(chunk.toString()));
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Niceness of what runs beside the answers. @throws `bad_setting` */
export const niceness = (): number =>
  Number(setting('STATEAI_NICENESS', /^1?\d$/, 'a whole number from 0 to 19') ?? 10);

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, niceness());
  } catch {
    // Not allowed here: it runs as it is.
  }
}
