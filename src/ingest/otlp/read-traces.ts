/**
 * A request of OTLP/HTTP as records: which spans are generations, which are not, which cannot be used and why.
 *
 * Text: content attributes are places until `userText` is called, which the sampler does for those that it chose.
 */
import type { Generation } from '../../generation/generation.ts';
import type { DoorContext } from '../door.ts';
import { inheritCallers } from './callers.ts';
import type { Facts } from './conventions/contract.ts';
import { readSpan } from './conventions/registry.ts';
import { decodeJson } from './decode-json.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { generationOf } from './generation-of.ts';
import { type Candidate, repetitionsIn } from './repetitions.ts';
import type { Span } from './span.ts';

export type Encoding = 'protobuf' | 'json';
/** The doors that a request's spans came through: OpenRouter says who it is. */
export type TraceDoor = Candidate['convention']['door'];

export interface ReadGeneration {
  generation: Generation;
  door: TraceDoor;
  /** The text of the user's last message, read now; null = the span came without text. */
  userText: (() => string | null) | null;
}

export interface ReadTraces {
  generations: ReadGeneration[];
  /** Spans that are no generation, or repeat others, by door. */
  ignored: Record<TraceDoor, number>;
  /** Generations that cannot be used. */
  rejects: { door: TraceDoor; reason: string; count: number }[];
}

/** @throws `bad_otlp` */
export function readTraces(
  body: Buffer,
  encoding: Encoding,
  context: DoorContext,
  now = Date.now(),
): ReadTraces {
  const spans = encoding === 'json' ? decodeJson(body) : decodeProtobuf(body);
  const ignored: ReadTraces['ignored'] = { otlp: 0, 'openrouter-broadcast': 0 };
  const candidates: Candidate[] = [];
  for (const span of spans) {
    const read = readSpan(span);
    if (read && typeof read.reading === 'object')
      candidates.push({ span, facts: read.reading.generation, convention: read.convention });
    else ignored[read?.convention.door ?? 'otlp']++;
  }
  const repetitions = repetitionsIn(spans, candidates);
  inheritCallers(spans, candidates);
  const generations: ReadGeneration[] = [];
  const rejects = new Map<string, ReadTraces['rejects'][number]>();
  const remembering = remember(context);
  for (const candidate of candidates) {
    const { span, facts, convention } = candidate;
    const { door } = convention;
    if (repetitions.has(candidate) || isEmptyShell(span, facts)) {
      ignored[door]++;
      continue;
    }
    const made = generationOf(span, facts, door, remembering, now);
    if (made.reason === undefined)
      generations.push({ generation: made.generation, door, userText: textOf(candidate) });
    else {
      const known = rejects.get(`${door} ${made.reason}`) ?? { door, reason: made.reason, count: 0 };
      rejects.set(`${door} ${made.reason}`, { ...known, count: known.count + 1 });
    }
  }
  return { generations, ignored, rejects: [...rejects.values()] };
}

/** Neither a model nor tokens nor a failure: it only looks like one. */
const isEmptyShell = (span: Span, facts: Facts): boolean =>
  facts.requestModel === null &&
  facts.responseModel === null &&
  facts.promptTokens === null &&
  facts.completionTokens === null &&
  facts.totalTokens === null &&
  !span.hasError;

function textOf({ span, convention }: Candidate): ReadGeneration['userText'] {
  const { content } = span;
  return content.length === 0 ? null : () => convention.userText(content);
}

/** Spans of a request mostly share their user and session. */
function remember(context: DoorContext): DoorContext {
  const remembered = (hash: (name: string) => string) => {
    const known = new Map<string, string>();
    return (name: string) => {
      const before = known.get(name);
      if (before !== undefined) return before;
      const made = hash(name);
      known.set(name, made);
      return made;
    };
  };
  return {
    hashAccount: remembered((name) => context.hashAccount(name)),
    hashSession: remembered((name) => context.hashSession(name)),
  };
}
