/**
 * Logs as Claude Code and Codex write them, made up: sessions of a realistic shape, whose bytes are mostly conversation
 * around the few lines that tell use, with the repeats that real ones have (streamed blocks, resumed and forked sessions,
 * side chains, refreshed counts).
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { claudeSession } from './claude-code.ts';
import { codexSession } from './codex.ts';
import { random } from './random.ts';
import type { Earlier, MakeSession, Session } from './session.ts';

export type AgentFormat = 'claude-code' | 'codex';

const MAKERS: Record<AgentFormat, MakeSession> = { 'claude-code': claudeSession, codex: codexSession };

const START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const DAYS = 180;
/** So much of a session may be copied into another. */
const MOST_COPIED = 120;

export interface Written {
  bytes: number;
  files: number;
}

/** Writes sessions below `directory` until they hold `bytes`. */
export async function writeAgentLogs(
  directory: string,
  format: AgentFormat,
  options: { bytes: number; sessionBytes?: number; seed?: number },
): Promise<Written> {
  const { bytes, sessionBytes = 3e6, seed = 1 } = options;
  const rng = random(seed);
  const written: Written = { bytes: 0, files: 0 };
  let earlier: Earlier | null = null;
  while (written.bytes < bytes) {
    const start = START + Math.floor((written.bytes / bytes) * DAYS) * DAY_MS + rng.whole(0, DAY_MS - 1);
    const session: Session = MAKERS[format](rng, start, earlier);
    const file = join(directory, session.path);
    await mkdir(dirname(file), { recursive: true });
    const out = createWriteStream(file);
    const head: string[] = [];
    let size = 0;
    for (const line of session.lines) {
      if (head.length < MOST_COPIED) head.push(line);
      size += Buffer.byteLength(line) + 1;
      if (!out.write(`${line}\n`)) await once(out, 'drain');
      if (size > sessionBytes) break;
    }
    out.end();
    await once(out, 'close');
    written.bytes += size;
    written.files++;
    earlier = { id: session.id, path: session.path, lines: head };
  }
  return written;
}
