/** The processes of the gateway bench: pinned to a core, watched for processor time and memory, ended afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
export const script = (name: string): string =>
  fileURLToPath(new URL(`./${name}.${EXTENSION}`, import.meta.url));
export const CLI = fileURLToPath(new URL(`../../cli/main.${EXTENSION}`, import.meta.url));

export function has(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Running {
  child: ChildProcess;
  /** Resolves with the first match in its output. */
  output(pattern: RegExp): Promise<RegExpExecArray>;
  /** Seconds of processor time so far, its own and its children's that still run. */
  cpu(): number;
  /** MiB of memory, now. */
  memory(): number;
  stop(): Promise<void>;
}

/** @param core null = any */
export function run(
  command: string,
  args: readonly string[],
  core: number | null,
  env: NodeJS.ProcessEnv = {},
): Running {
  const pinned = core !== null && has('taskset');
  const child = spawn(pinned ? 'taskset' : command, pinned ? ['-c', String(core), command, ...args] : args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      text = (text + data.toString()).slice(-100_000);
      for (const look of listeners) look();
    });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    child,
    output: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(text);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        child.on('close', () => reject(new Error(`${command} ended: ${text.slice(-500)}`)));
        look();
      }),
    cpu: () => family(child.pid ?? 0).reduce((sum, pid) => sum + cpuOf(pid), 0),
    memory: () => family(child.pid ?? 0).reduce((sum, pid) => sum + memoryOf(pid), 0),
    async stop() {
      child.kill('SIGTERM');
      const killing = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killing);
    },
  };
}

/** Waits until something answers there. */
export async function reachable(url: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    try {
      await fetch(url);
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`nothing answers at ${url}`);
}

const stat = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
};
/** Clock ticks are hundredths of a second on Linux. */
const cpuOf = (pid: number): number => (Number(stat(pid)[11] ?? 0) + Number(stat(pid)[12] ?? 0)) / 100;
/** Pages of 4 KiB. */
const memoryOf = (pid: number): number => (Number(stat(pid)[21] ?? 0) * 4) / 1024;

/** A process and its children. */
function family(pid: number): number[] {
  let all: number[] = [];
  try {
    all = readdirSync('/proc').map(Number).filter(Boolean);
  } catch {
    return [pid];
  }
  return [pid, ...all.filter((p) => Number(stat(p)[1]) === pid)];
}
