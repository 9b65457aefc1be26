/** For tests: a data directory as OpenCode keeps it, as files or as a database of either version. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { context, type Sorted, sorted } from '../door.fixture.ts';
import { readLog } from '../read-log.ts';
import { opencode } from './door.ts';

export interface Tokens {
  total?: number;
  input: number;
  output: number;
  reasoning: number;
  cache: { read: number; write: number };
}

export interface Message {
  id: string;
  session: string;
  created: number;
  model: string;
  provider: string;
  tokens: Tokens;
  cost: number;
  finish: string;
  /** If there are several, `tokens` are those of the last one. */
  steps?: { tokens: Tokens; cost: number; reason: string }[];
  error?: string;
}

export const message = (over: Partial<Message> = {}): Message => ({
  id: 'msg_a1',
  session: 'ses_1',
  created: Date.UTC(2026, 1, 3, 4, 5, 6, 789),
  model: 'claude-sonnet-4-5',
  provider: 'anthropic',
  tokens: { input: 10, output: 200, reasoning: 0, cache: { read: 5000, write: 700 } },
  cost: 0.0123,
  finish: 'tool-calls',
  ...over,
});

/** What version 1 keeps of a message, in a file and in a row. */
export const stored = (m: Message) => ({
  role: 'assistant',
  time: { created: m.created, completed: m.created + 4000 },
  parentID: 'msg_0',
  modelID: m.model,
  providerID: m.provider,
  mode: 'build',
  path: { cwd: '/home/someone', root: '/' },
  cost: m.cost,
  tokens: m.tokens,
  finish: m.finish,
  ...(m.error ? { error: { name: m.error, data: { message: 'Nothing of this may pass the door.' } } } : {}),
});

const step = (s: { tokens: Tokens; cost: number; reason: string }) => ({
  type: 'step-finish',
  reason: s.reason,
  snapshot: '0a1b2c',
  cost: s.cost,
  tokens: s.tokens,
});
const text = { type: 'text', text: 'Nothing of this may pass the door, "step-finish" or not.' };

/** Files of version 1.1 and older. Answers the messages' paths. */
export function writeFiles(root: string, messages: readonly Message[]): string[] {
  const put = (path: string, value: object) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify(value, null, 2));
    return join(root, path);
  };
  return messages.map((m) => {
    put(`storage/part/${m.id}/prt_0.json`, { id: 'prt_0', messageID: m.id, sessionID: m.session, ...text });
    for (const [i, s] of (m.steps ?? []).entries())
      put(`storage/part/${m.id}/prt_${i + 1}.json`, { id: `prt_${i + 1}`, messageID: m.id, ...step(s) });
    return put(`storage/message/${m.session}/${m.id}.json`, {
      id: m.id,
      sessionID: m.session,
      ...stored(m),
    });
  });
}

/** A database of version 1. `raw` are rows whose data is written as it is. */
export function writeDatabase(file: string, messages: readonly Message[], raw: readonly string[] = []): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec(`CREATE TABLE IF NOT EXISTS message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer,
      time_updated integer, data text NOT NULL);
    CREATE TABLE IF NOT EXISTS part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL,
      time_created integer, time_updated integer, data text NOT NULL)`);
  const addMessage = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?)');
  const addPart = db.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)');
  for (const m of messages) {
    addMessage.run(m.id, m.session, m.created, m.created, JSON.stringify(stored(m)));
    const parts = [text, ...(m.steps ?? []).map(step)];
    for (const [i, part] of parts.entries())
      addPart.run(`prt_${m.id}_${i}`, m.id, m.session, m.created, m.created, JSON.stringify(part));
  }
  addMessage.run(
    `user_${messages[0]?.id}`,
    'ses_1',
    0,
    0,
    JSON.stringify({ role: 'user', system: text.text }),
  );
  for (const [i, data] of raw.entries()) addMessage.run(`raw_${i}`, 'ses_1', 0, 0, data);
  db.close();
}

/** A database of version 2, where each step is a message. */
export function writeVersion2(file: string, messages: readonly Message[]): void {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE session_message (id text PRIMARY KEY, session_id text NOT NULL, type text NOT NULL,
    seq integer, time_created integer, time_updated integer, data text NOT NULL)`);
  const add = db.prepare('INSERT INTO session_message VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const [i, m] of messages.entries()) {
    const { modelID, providerID, role, ...rest } = stored(m);
    const data = { ...rest, agent: 'build', model: { id: modelID, providerID }, content: [text] };
    add.run(m.id, m.session, role, i, m.created, m.created, JSON.stringify(data));
    add.run(`user_${m.id}`, m.session, 'user', i, m.created, m.created, JSON.stringify({ text: text.text }));
  }
  db.close();
}

/** As an import reads a file. */
export async function read(file: string): Promise<Sorted> {
  if (opencode.open?.(file, context)) return sorted(opencode.open(file, context) as AsyncIterable<never>);
  const log = await readLog(opencode, file, context);
  const blank = Object.fromEntries(
    ['promptTokens', 'cachedTokens', 'cost', 'cancelled'].map((k) => [k, null]),
  );
  const generations = log.records
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ ...blank, ...JSON.parse(line) }));
  return { items: [], generations, rejects: log.rejects };
}
