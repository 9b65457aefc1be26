/** For tests: the server as a process of its own, started as a user starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ConfigFile } from '../gateway/config/schema.ts';
import { PROJECT } from './workspace.ts';

export interface ServerProcess {
  /** `http://localhost:port`. */
  url: string;
  child: ChildProcess;
  output(): { stdout: string; stderr: string };
  /** Resolves with the exit code, null where a signal ended it. */
  ended: Promise<number | null>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServerProcessOptions {
  data: string;
  config?: ConfigFile;
  env?: NodeJS.ProcessEnv;
  /** A data directory whose server has ended, for its accounts: making the database anew costs seconds. */
  accountsOf?: string;
  /** Arguments of Node's own. */
  nodeArgs?: readonly string[];
  args?: readonly string[];
}

export async function startServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const { data, config, env = {}, nodeArgs = [], args = [] } = options;
  if (options.accountsOf) await takeAccounts(options.accountsOf, data);
  await mkdir(data, { recursive: true });
  if (config) await writeConfig(data, config);
  const entry = join(PROJECT, 'src/cli/main.ts');
  const child = spawn(
    process.execPath,
    [...nodeArgs, entry, 'start', '--data', data, '--port', '0', '--no-demo', ...args],
    { cwd: PROJECT, env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = { stdout: '', stderr: '' };
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      output.stdout += chunk;
      const found = /at (http:\S+)/.exec(output.stdout)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`The server ended with ${code}: ${output.stderr}`)));
  });
  return {
    url,
    child,
    output: () => output,
    ended,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

async function takeAccounts(from: string, to: string): Promise<void> {
  if (!existsSync(join(from, 'accounts')) || existsSync(to)) return;
  await mkdir(to, { recursive: true });
  for (const name of ['accounts', 'workspace.json'])
    await cp(join(from, name), join(to, name), { recursive: true });
}

export const writeConfig = (data: string, config: ConfigFile): Promise<void> =>
  writeFile(join(data, 'gateway.yaml'), stringify({ environment: false, ...config }));

/** Ids in the journal's files, as they stand there. */
export async function journalIds(data: string): Promise<string[]> {
  const directory = join(data, 'datasets/live/journal');
  const texts = await Promise.all(
    (await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')),
  );
  return texts.flatMap((text) => [...text.matchAll(/^{"id":"([^"]+)".*}$/gm)].map((m) => m[1] ?? ''));
}
