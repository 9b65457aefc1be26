/** For tests: a data directory that is deleted afterwards, and commands run as a user runs them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const SHARED_DATA = join(PROJECT, '..', 'shared', 'data');

export async function temporaryDirectory(): Promise<{
  path: string;
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'stateai-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function spawnCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [join(PROJECT, 'src/cli/main.ts'), ...args], {
    cwd: PROJECT,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export function finished(child: ChildProcess, input?: string | Buffer): Promise<Ran> {
  return new Promise((resolve) => {
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout?.on('data', (chunk) => {
      ran.stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      ran.stderr += chunk;
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.on('close', (code) => resolve({ ...ran, code }));
  });
}

export const cli = (
  args: readonly string[],
  input?: string | Buffer,
  env?: NodeJS.ProcessEnv,
): Promise<Ran> => finished(spawnCli(args, env), input);
