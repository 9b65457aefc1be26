/**
 * Claude Code's session logs: JSONL below `projects/`, one entry per content block of an answer. The blocks of one
 * message repeat its usage, and a resumed session repeats its messages, so every occurrence carries the message's id.
 */
import { basename, join } from 'node:path';
import { normaliseFinishReason } from '../../generation/finish-reason.ts';
import { type Generation, unknownGeneration } from '../../generation/generation.ts';
import { contentHash } from '../../generation/ids.ts';
import { dropImpossibleParts } from '../../generation/validate.ts';
import { asObject, type Fields } from '../../json/read.ts';
import { nameOf, termOf } from '../../json/short-words.ts';
import { AGENT_FIELDS, type DoorContext, type DoorItem, type LogDoor, type LogLine } from '../door.ts';
import { type JsonLine, JsonLines, parse } from '../json-lines.ts';
import type { Position } from '../lines.ts';
import { before, earlier, type LogReader } from '../log-reader.ts';
import { readCount, readModel, readMoney, readTime } from '../values.ts';

const FORMAT = 'claude-code';
const MARKERS = ['"usage"'];

export const claudeCode: LogDoor = {
  format: FORMAT,
  summary: 'session logs of Claude Code (~/.claude/projects)',
  endings: ['.jsonl'],
  has: [...AGENT_FIELDS, 'cacheWriteTokens', 'cost', 'finishReason', 'nativeFinishReason'],
  markers: MARKERS,
  homes: claudeHomes,
  begin,
};

/** `CLAUDE_CONFIG_DIR` names one directory or several with commas between; else both places that were ever the default. */
export function claudeHomes(env: NodeJS.ProcessEnv, home: string): string[] {
  const configured = (env.CLAUDE_CONFIG_DIR ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter(Boolean)
    .map((path) => (path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path));
  const roots = configured.length
    ? configured
    : [join(home, '.claude'), join(env.XDG_CONFIG_HOME || join(home, '.config'), 'claude')];
  return [...new Set(roots.map((root) => (basename(root) === 'projects' ? root : join(root, 'projects'))))];
}

/** So many messages may be open at a time: the blocks of one message lie close together, even with sub-agents at work. */
const OPEN_MESSAGES = 64;

interface Found {
  generation: Generation;
  line: number;
  /** Where the message begins. */
  first: Position;
}

/** A file that has grown is read again from the first line of the oldest message that more blocks may belong to. */
function begin(file: string, context: DoorContext, give: (item: DoorItem) => void): LogReader {
  const open = new Map<string, Found>();
  const lines = new JsonLines(file, MARKERS, parseBriefly);
  let taken: LogLine;
  const found = ({ entry, line, reject }: JsonLine) => {
    if (reject) return give({ reject });
    const problems: string[] = [];
    const generation = readEntry(told(entry), context, problems);
    if (problems.length > 0) give({ reject: { file, line, reason: problems.join('; ') } });
    if (!generation) return;
    const known = open.get(generation.id);
    const now = { generation, line, first: before(taken) };
    open.set(generation.id, known ? fuller(known, now) : now);
    if (open.size > OPEN_MESSAGES) close();
  };
  const close = () => {
    for (const [id, { generation, line }] of open) {
      open.delete(id);
      give({ generation, line });
      return;
    }
  };
  return {
    take(line) {
      taken = line;
      lines.take(line, found);
    },
    place(here) {
      const [oldest] = open.values();
      const from = lines.broken ? earlier(here, before(lines.broken)) : here;
      return { from: oldest ? earlier(from, oldest.first) : from, state: null };
    },
    end() {
      while (open.size > 0) close();
    },
  };
}

const [CONTENT, AFTER_CONTENT] = ['"content":[', '],"stop_reason":'];
/** Cutting and checking takes about as long as parsing this much. */
const WORTH_CUTTING = 300;

/**
 * An entry without its message's content, which is most of it and of no use here. The cut is right if an object with an
 * empty content and a usage is left: one between different depths leaves no JSON, and within a string the quotes of both
 * marks would be escaped. Else the whole line is parsed.
 */
function parseBriefly(text: string): Fields | null {
  const from = text.indexOf(CONTENT) + CONTENT.length;
  const to = text.lastIndexOf(AFTER_CONTENT);
  if (from > CONTENT.length && to - from > WORTH_CUTTING) {
    const entry = parse(text.slice(0, from) + text.slice(to));
    const message = asObject(entry?.message);
    if (Array.isArray(message?.content) && message.content.length === 0 && asObject(message.usage))
      return entry;
  }
  return parse(text);
}

/** Of two occurrences, one after the other, the one with more completion tokens, then more tokens; at the earlier time, nearer to the request. */
function fuller(a: Found, b: Found): Found {
  const more =
    (b.generation.completionTokens ?? 0) - (a.generation.completionTokens ?? 0) ||
    b.generation.totalTokens - a.generation.totalTokens;
  const [winner, other] = more > 0 ? [b, a] : [a, b];
  const g = winner.generation;
  winner.first = a.first;
  g.createdAt = Math.min(g.createdAt, other.generation.createdAt);
  if (g.nativeFinishReason === null) {
    g.nativeFinishReason = other.generation.nativeFinishReason;
    g.finishReason = other.generation.finishReason;
  }
  return winner;
}

const BLANK = unknownGeneration({ id: '', createdAt: 0, model: '', source: FORMAT, app: FORMAT });

/** null for an entry that is no generation, and with a problem for one that cannot be used. */
function readEntry(entry: Fields, context: DoorContext, problems: string[]): Generation | null {
  const message = asObject(entry.message);
  const usage = asObject(message?.usage);
  if (!message || !usage || !isAnswer(entry, message)) return null;
  const createdAt = readTime(entry.timestamp, 'timestamp', problems);
  const named = readModel(message.model, 'message.model', problems);
  const input = readCount(usage, 'input_tokens', PATH, problems);
  const output = readCount(usage, 'output_tokens', PATH, problems);
  const cached = readCount(usage, 'cache_read_input_tokens', PATH, problems);
  const written = readCacheWrites(usage, problems);
  const details = asObject(usage.output_tokens_details);
  const thinking =
    details && readCount(details, 'thinking_tokens', `${PATH}.output_tokens_details`, problems);
  const cost = readMoney(entry.costUSD, 'costUSD', problems);
  if (problems.length === 0) {
    if (input === null) problems.push(`${PATH}.input_tokens is missing`);
    if (output === null) problems.push(`${PATH}.output_tokens is missing`);
  }
  if (problems.length > 0 || createdAt === null || !named || input === null || output === null) return null;
  const sessionId = nameOf(entry.sessionId);
  const session = sessionId && context.hashSession(sessionId);
  const native = termOf(message.stop_reason);
  const promptTokens = input + (cached ?? 0) + (written ?? 0);
  const counts = [promptTokens, output].join(' ');
  const generation: Generation = {
    ...BLANK,
    id:
      idOf(entry, message) ?? `${FORMAT}-${contentHash(session ?? '', `${createdAt}`, named.model, counts)}`,
    createdAt,
    session,
    model: named.model,
    variant: named.variant ?? (usage.speed === 'fast' ? 'fast' : null),
    promptTokens,
    completionTokens: output,
    totalTokens: promptTokens + output,
    reasoningTokens: thinking,
    cachedTokens: cached,
    cacheWriteTokens: written,
    cost,
    finishReason: normaliseFinishReason(native),
    nativeFinishReason: native,
  };
  dropImpossibleParts(generation);
  return generation;
}

/** Of a note on how a sub-agent gets on, the entry that it tells of: older versions kept no log of the sub-agent's own. */
function told(entry: Fields): Fields {
  const data = asObject(entry.data);
  const inner = data?.type === 'agent_progress' ? asObject(data.message) : null;
  return inner
    ? { ...inner, sessionId: entry.sessionId, timestamp: inner.timestamp ?? entry.timestamp }
    : entry;
}

const PATH = 'message.usage';

/** What Claude Code puts into the conversation itself, such as the text of an error, is not an answer of a model. */
function isAnswer(entry: Fields, message: Fields): boolean {
  if (entry.type !== undefined && entry.type !== 'assistant') return false;
  return message.model !== '<synthetic>' && entry.isApiErrorMessage !== true;
}

/** The sum where the log gives it, else the parts by time to live. */
function readCacheWrites(usage: Fields, problems: string[]): number | null {
  const sum = readCount(usage, 'cache_creation_input_tokens', PATH, problems);
  const parts = asObject(usage.cache_creation);
  if (sum !== null || !parts) return sum;
  const short = readCount(parts, 'ephemeral_5m_input_tokens', `${PATH}.cache_creation`, problems);
  const long = readCount(parts, 'ephemeral_1h_input_tokens', `${PATH}.cache_creation`, problems);
  return short === null && long === null ? null : (short ?? 0) + (long ?? 0);
}

/** An id that Anthropic, Bedrock (`msg_bdrk_…`) or Vertex (`msg_vrtx_…`) gave out names one message of the whole world. */
const GLOBAL_ID = /^msg_(?:[a-z]+_)?[A-Za-z0-9]{20,}$/;

/**
 * The same for every copy of an entry. A global message id stands alone, because copies of a message may lack the
 * request id or carry another one; other endpoints count their messages anew, so there the request id is a part of it.
 */
function idOf(entry: Fields, message: Fields): string | null {
  const messageId = nameOf(message.id);
  if (messageId === null) return nameOf(entry.uuid);
  if (GLOBAL_ID.test(messageId)) return messageId;
  const requestId = nameOf(entry.requestId);
  return requestId === null ? messageId : `${messageId}:${requestId}`;
}
