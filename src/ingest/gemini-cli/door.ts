/**
 * Gemini CLI's recorded chats: one JSON document a session, or JSON lines in newer versions, where a message is appended
 * again each time it changes. Every copy of a message has its id.
 */
import { join } from 'node:path';
import { type Generation, unknownGeneration } from '../../generation/generation.ts';
import { contentHash } from '../../generation/ids.ts';
import { dropImpossibleParts } from '../../generation/validate.ts';
import { asObject, type Fields } from '../../json/read.ts';
import { nameOf } from '../../json/short-words.ts';
import { AGENT_FIELDS, type DoorContext, type DoorItem, type LogDoor, type LogLine } from '../door.ts';
import { jsonDocuments } from '../json-documents.ts';
import { readCount, readModel, readTime } from '../values.ts';

const FORMAT = 'gemini-cli';

export const geminiCli: LogDoor = {
  format: FORMAT,
  summary: 'recorded chats of Gemini CLI (~/.gemini/tmp)',
  has: AGENT_FIELDS,
  endings: ['.json', '.jsonl'],
  // Its directory also holds lists of what the user typed, checkpoints and tool output.
  isLog: (path) => /[\\/]chats[\\/]|(^|[\\/])session-[^\\/]*$/.test(path),
  homes: (env, home) => [join(env.GEMINI_CLI_HOME || home, '.gemini', 'tmp')],
  read,
};

const MARKERS = ['"tokens"', '"sessionId"'];

interface Found {
  generation: Generation;
  line: number;
}

async function* read(
  file: string,
  lines: AsyncIterable<LogLine>,
  context: DoorContext,
): AsyncGenerator<DoorItem> {
  const session: Session = { id: null, model: null };
  const found = new Map<string, Found>();
  for await (const { entry, line, reject } of jsonDocuments(file, lines, MARKERS)) {
    if (reject) {
      yield { reject };
      continue;
    }
    const set = asObject(entry.$set);
    session.id = nameOf(entry.sessionId) ?? nameOf(set?.sessionId) ?? session.id;
    for (const { message, path } of messagesOf(entry, set)) {
      const problems: string[] = [];
      const generation = readMessage(message, path, session, context, problems);
      if (problems.length > 0) yield { reject: { file, line, reason: problems.join('; ') } };
      if (!generation) continue;
      const before = found.get(generation.id);
      if (!before || before.generation.totalTokens < generation.totalTokens)
        found.set(generation.id, { generation, line });
    }
  }
  yield* found.values();
}

/** What the lines so far say about the ones to come. */
interface Session {
  id: string | null;
  model: { model: string; variant: string | null } | null;
}

/** The messages of a whole session, of a line that replaces them all, or the one message that the line is. */
function messagesOf(entry: Fields, set: Fields | null): { message: Fields; path: string }[] {
  const all = Array.isArray(entry.messages) ? entry.messages : set?.messages;
  if (!Array.isArray(all)) return [{ message: entry, path: '' }];
  return all.flatMap((item, i) => {
    const message = asObject(item);
    return message ? [{ message, path: `messages[${i}].` }] : [];
  });
}

const BLANK = unknownGeneration({ id: '', createdAt: 0, model: '', source: FORMAT, app: FORMAT });

/** null for what is no answer or has used nothing, and with a problem for one that cannot be used. */
function readMessage(
  message: Fields,
  path: string,
  session: Session,
  context: DoorContext,
  problems: string[],
): Generation | null {
  const tokens = asObject(message.tokens);
  if (message.type !== 'gemini') return null;
  session.model = readModel(message.model, 'model', []) ?? session.model;
  if (!tokens) return null;
  const used = readUse(tokens, `${path}tokens`, problems);
  if (problems.length > 0 || !used || used.totalTokens === 0) return null;
  const createdAt = readTime(message.timestamp, `${path}timestamp`, problems);
  if (createdAt === null) return null;
  const named = session.model ?? UNKNOWN;
  const hashed = session.id && context.hashSession(session.id);
  const generation: Generation = {
    ...BLANK,
    id:
      idOf(message, hashed) ?? `${FORMAT}-${contentHash(hashed ?? '', `${createdAt}`, JSON.stringify(used))}`,
    createdAt,
    session: hashed,
    model: named.model,
    variant: named.variant,
    ...used,
  };
  dropImpossibleParts(generation);
  return generation;
}

/** The format has no default: a chat that names no model leaves it unknown. */
const UNKNOWN = { model: 'unknown', variant: null };

type Use = Pick<
  Generation,
  'promptTokens' | 'completionTokens' | 'totalTokens' | 'reasoningTokens' | 'cachedTokens'
>;

/**
 * The counts of the Gemini API's `usageMetadata`: the prompt includes cached tokens; tool results that the API itself
 * fetched stand beside it, thoughts beside the answer.
 */
function readUse(tokens: Fields, path: string, problems: string[]): Use | null {
  const count = (key: string) => readCount(tokens, key, path, problems);
  const input = count('input');
  const output = count('output');
  const thoughts = count('thoughts');
  const tool = count('tool');
  const cached = count('cached');
  const total = count('total');
  if (problems.length > 0) return null;
  if (input === null || output === null) {
    problems.push(`${path}.${input === null ? 'input' : 'output'} is missing`);
    return null;
  }
  const isToolWithin = total !== null && total === input + output + (thoughts ?? 0);
  const promptTokens = input + (isToolWithin ? 0 : (tool ?? 0));
  const completionTokens = output + (thoughts ?? 0);
  return {
    promptTokens,
    completionTokens,
    totalTokens: promptTokens + completionTokens,
    reasoningTokens: thoughts,
    cachedTokens: cached,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID names one message for ever; any other id one of its session. */
function idOf(message: Fields, session: string | null): string | null {
  const id = nameOf(message.id);
  if (id === null) return null;
  return UUID.test(id) ? `${FORMAT}-${id.toLowerCase()}` : `${FORMAT}-${contentHash(session ?? '', id)}`;
}
