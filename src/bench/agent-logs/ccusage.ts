/** ccusage, which counts the same logs natively: a second opinion on numbers, and a yardstick of speed. */
import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { StateaiError } from '../../generation/errors.ts';
import type { AgentFormat } from './write.ts';

/** The native program, as ccusage's own launcher takes time of its own; null where it is not installed. */
export function findCcusage(): string | null {
  const require = createRequire(import.meta.url);
  const name = process.platform === 'win32' ? 'ccusage.exe' : 'ccusage';
  try {
    const program = require.resolve(`@ccusage/ccusage-${process.platform}-${process.arch}/bin/${name}`);
    // It is packed without the right to run; its launcher does the same.
    chmodSync(program, 0o755);
    return program;
  } catch {
    return null;
  }
}

/** What it is given to look at: the directory takes the place of the agent's home. */
export const ccusageCommand = (format: AgentFormat | 'opencode' | 'gemini-cli', directory: string) => {
  const [agent, variable] = {
    'claude-code': ['claude', 'CLAUDE_CONFIG_DIR'],
    codex: ['codex', 'CODEX_HOME'],
    opencode: ['opencode', 'OPENCODE_DATA_DIR'],
    'gemini-cli': ['gemini', 'GEMINI_DATA_DIR'],
  }[format] as [string, string];
  return {
    args: [agent, 'daily', '--json', '--offline', '--timezone', 'UTC'],
    env: { ...process.env, HOME: directory, [variable]: directory },
  };
};

export async function runCcusage(
  program: string,
  format: AgentFormat | 'opencode' | 'gemini-cli',
  directory: string,
): Promise<unknown> {
  const { args, env } = ccusageCommand(format, directory);
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
  if (text.trim().startsWith('{')) return JSON.parse(text);
  throw new StateaiError('failed', `ccusage ${args.join(' ')} gave no JSON`);
}
