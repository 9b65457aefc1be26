/**
 * What OpenCode keeps of its sessions: up to version 1.1 a JSON document a message, since then a SQLite database.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Fields } from '../../json/read.ts';
import { AGENT_FIELDS, type DoorContext, type DoorItem, type LogDoor, type LogLine } from '../door.ts';
import { jsonDocuments } from '../json-documents.ts';
import { parse } from '../json-lines.ts';
import { FORMAT, readAnswer } from './answer.ts';
import { readDatabase } from './database.ts';

export const opencode: LogDoor = {
  format: FORMAT,
  summary: 'sessions of OpenCode (~/.local/share/opencode)',
  has: [
    ...AGENT_FIELDS,
    'provider',
    'cacheWriteTokens',
    'cost',
    'cancelled',
    'finishReason',
    'nativeFinishReason',
  ],
  endings: ['.db', '.json'],
  // Beside the messages lie their text, sessions, snapshots and the keys of providers: none of it is opened.
  isLog: (path) => /[\\/]message[\\/][^\\/]+[\\/][^\\/]+\.json$|(^|[\\/])opencode[^\\/]*\.db$/.test(path),
  homes: (env, home) => [join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'opencode')],
  read,
  open: (file, context) => (file.endsWith('.db') ? readDatabase(file, context) : null),
};

async function* read(
  file: string,
  lines: AsyncIterable<LogLine>,
  context: DoorContext,
): AsyncGenerator<DoorItem> {
  for await (const { entry, line, reject } of jsonDocuments(file, lines, ['"tokens"'])) {
    if (reject) {
      yield { reject };
      continue;
    }
    if (entry.role !== 'assistant') continue;
    const problems: string[] = [];
    const generations = readAnswer(entry, await stepsBeside(file), context, problems);
    if (problems.length > 0) yield { reject: { file, line, reason: problems.join('; ') } };
    for (const generation of generations) yield { generation, line };
  }
}

/** A finished step holds counts alone; parts that are larger are text. */
const LARGEST_STEP = 8192;

/** The steps of a message `…/message/SESSION/MESSAGE.json`, from `…/part/MESSAGE/` or, older, `…/part/SESSION/MESSAGE/`. */
async function stepsBeside(file: string): Promise<Fields[]> {
  const session = dirname(file);
  if (basename(dirname(session)) !== 'message') return [];
  const parts = join(dirname(dirname(session)), 'part');
  const message = basename(file).replace(/\.json(\.gz|\.zst)?$/, '');
  const steps: Fields[] = [];
  for (const directory of [join(parts, message), join(parts, basename(session), message)]) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.sort()) {
      const path = join(directory, name);
      const size = (await stat(path).catch(() => null))?.size ?? Number.POSITIVE_INFINITY;
      if (!name.endsWith('.json') || size > LARGEST_STEP) continue;
      const part = parse(await readFile(path, 'utf8').catch(() => ''));
      if (part?.type === 'step-finish') steps.push(part);
    }
  }
  return steps;
}
