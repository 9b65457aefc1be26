/**
 * Codex CLI's session logs ("rollouts"): JSONL below `sessions/`, with a running total of tokens after each request.
 * A record is one growth of that total.
 */
import { join } from 'node:path';
import { type Generation, unknownGeneration } from '../../generation/generation.ts';
import { dropImpossibleParts, parseTime } from '../../generation/validate.ts';
import { asObject, type Fields } from '../../json/read.ts';
import { AGENT_FIELDS, type DoorContext, type DoorItem, type LogDoor } from '../door.ts';
import { type JsonLine, JsonLines } from '../json-lines.ts';
import { before, earlier, type LogReader } from '../log-reader.ts';
import { readModel, readTime } from '../values.ts';
import { Lineage, type LineageState } from './lineage.ts';
import { add, type Counts, isEmpty, readCounts, step } from './usage.ts';

const FORMAT = 'codex';
const MARKERS = ['"token_count"', '"turn_context"', '"session_meta"'];

/** Codex compresses a session's log to `.jsonl.zst` when it has lain still for a week. */
export const codex: LogDoor = {
  format: FORMAT,
  summary: 'session logs of Codex CLI (~/.codex/sessions)',
  endings: ['.jsonl'],
  has: [...AGENT_FIELDS, 'provider', 'cacheWriteTokens'],
  markers: MARKERS,
  homes: codexHomes,
  begin,
};

/** `CODEX_HOME`, else `~/.codex`: the sessions and the archived ones. */
export function codexHomes(env: NodeJS.ProcessEnv, home: string): string[] {
  const configured = env.CODEX_HOME?.trim();
  const root = configured
    ? configured === '~' || configured.startsWith('~/')
      ? join(home, configured.slice(1))
      : configured
    : join(home, '.codex');
  return [join(root, 'sessions'), join(root, 'archived_sessions')];
}

/** What the lines so far say about the ones to come. */
interface Session {
  lineage: Lineage;
  /** null until a line names a model. */
  model: { model: string; variant: string | null } | null;
  provider: string | null;
  total: Counts | null;
  resets: number;
}

/** A session as it is stored until its log has grown. */
type Stored = Omit<Session, 'lineage'> & { lineage: LineageState };

function begin(
  file: string,
  context: DoorContext,
  give: (item: DoorItem) => void,
  state: unknown,
): LogReader {
  const stored = state as Stored | null;
  const session: Session = {
    model: null,
    provider: null,
    total: null,
    resets: 0,
    ...stored,
    lineage: new Lineage(file, context.hashSession, stored?.lineage),
  };
  const lines = new JsonLines(file, MARKERS);
  const found = ({ entry, line, reject }: JsonLine) => {
    if (reject) return give({ reject });
    const payload = asObject(entry.payload);
    if (!payload) return;
    if (entry.type === 'session_meta' || entry.type === 'turn_context') return note(session, entry, payload);
    if (entry.type !== 'event_msg' || payload.type !== 'token_count') return;
    const problems: string[] = [];
    const generation = readEvent(session, entry, payload, problems);
    if (problems.length > 0) give({ reject: { file, line, reason: problems.join('; ') } });
    else if (generation) give({ generation, line });
  };
  return {
    take: (line) => lines.take(line, found),
    // A broken line has changed nothing.
    place: (here) => ({
      from: lines.broken ? earlier(here, before(lines.broken)) : here,
      state: { ...session, lineage: session.lineage.state() } satisfies Stored,
    }),
    end: () => undefined,
  };
}

/** Model and session, for the counts that follow. */
function note(session: Session, entry: Fields, payload: Fields): void {
  const time = typeof entry.timestamp === 'string' ? parseTime(entry.timestamp) : Number.NaN;
  const known = Number.isFinite(time) ? time : null;
  if (entry.type === 'session_meta') {
    session.lineage.meta(payload, known);
    session.provider = payload.model_provider === 'openai' ? 'openai' : null;
  } else session.lineage.passed(known);
  session.model = readModel(payload.model, 'model', []) ?? session.model;
}

const BLANK = unknownGeneration({ id: '', createdAt: 0, model: '', source: FORMAT, app: FORMAT });

/** null for an event that adds nothing, and with a problem for one that cannot be used. */
function readEvent(session: Session, entry: Fields, payload: Fields, problems: string[]): Generation | null {
  const info = asObject(payload.info);
  if (!info) return null;
  const last = readCounts(info.last_token_usage, 'info.last_token_usage', problems);
  const given = readCounts(info.total_token_usage, 'info.total_token_usage', problems);
  if (problems.length > 0 || (!given && !last)) return null;
  const total = given ?? add(session.total, last as Counts);
  const found = step(session.total, total, last);
  session.total = total;
  if (found?.reset) session.resets++;
  if (!found || isEmpty(found.used)) return null;
  const createdAt = readTime(entry.timestamp, 'timestamp', problems);
  const name = session.lineage.nameFor(createdAt);
  if (createdAt === null) return null;
  const named =
    readModel(payload.model, 'model', []) ?? readModel(info.model, 'model', []) ?? session.model ?? UNKNOWN;
  const { used } = found;
  const generation: Generation = {
    ...BLANK,
    id: idOf(name, session.resets, total),
    createdAt,
    requests: found.requests,
    session: session.lineage.session,
    model: named.model,
    variant: named.variant,
    provider: session.provider,
    promptTokens: used.input,
    completionTokens: used.output,
    totalTokens: used.input + used.output,
    reasoningTokens: used.reasoning,
    cachedTokens: used.cached,
    cacheWriteTokens: used.written,
  };
  dropImpossibleParts(generation);
  return generation;
}

/** The format has no default: a log that names no model leaves it unknown. */
const UNKNOWN = { model: 'unknown', variant: null };

/** The line of sessions and where its total stands: the same in the session and in every copy of its history. */
function idOf(lineage: string, resets: number, total: Counts): string {
  const standing = [total.input, total.cached ?? 0, total.output, total.reasoning ?? 0].join('-');
  return `${FORMAT}-${lineage}:${resets > 0 ? `r${resets}:` : ''}${standing}`;
}
