/** Which attributes are read at all: those that a convention names. Whatever else a span carries is passed over unread. */
import { Words } from '../../json/word-set.ts';
import { CONVENTIONS } from './conventions/registry.ts';
import { LABEL_KEYS } from './generation-of.ts';

export type Use = 'value' | 'content' | 'tools';

/** A body of a few bytes a span would fill the memory. */
export const MOST_SPANS = 100_000;
/** Attributes with text, of one span: a conversation that was written one message an attribute. */
export const MOST_CONTENT = 2000;

/** Of a list of texts so many are read. */
export const MOST_IN_LIST = 8;

/** Longer texts are no names, numbers or ids: they are left out, unread. */
export const LONGEST_VALUE = 512;
/** Written as JSON: usage by kind, parameters of a request. */
const LONGEST_JSON = 16 << 10;

/** Events whose first one marks the first token. */
export const FIRST_TOKEN_EVENTS: ReadonlySet<string> = new Set([
  'First Token Stream Event',
  'llm.content.completion.chunk',
  'gen_ai.content.completion.chunk',
  'ai.stream.firstChunk',
]);
/** An event that tells of an answer, and its attribute that says why it ended. */
export const CHOICE_EVENT = 'gen_ai.choice';
export const CHOICE_REASON = 'finish_reason';
export const LONGEST_EVENT_NAME = 40;
export const LONGEST_NAME = 64;

const exact = new Map<string, Use>();
const beginnings: { beginning: string; use: Use }[] = [];
for (const { keys, content, tools } of CONVENTIONS) {
  for (const key of keys) exact.set(key, 'value');
  for (const [names, use] of [
    [content, 'content'],
    [tools, 'tools'],
  ] as const)
    for (const name of names)
      if (!name.endsWith('.')) exact.set(name, use);
      else if (!beginnings.some((b) => b.beginning === name)) beginnings.push({ beginning: name, use });
}
for (const key of LABEL_KEYS) exact.set(key, 'value');
/** Those that are known by their whole name. */
export const KEYS = new Words(exact.keys());
/** The longest name is that of a part of a message. */
export const LONGEST_KEY = 120;

const firstLetters = new Set(beginnings.map(({ beginning }) => beginning.charCodeAt(0)));

/** null: not read. */
export function meaningOf(key: string): Use | null {
  const use = exact.get(key);
  if (use !== undefined) return use;
  if (!firstLetters.has(key.charCodeAt(0))) return null;
  for (const { beginning, use } of beginnings) if (key.startsWith(beginning)) return use;
  return null;
}

const JSON_TEXTS = new Set([
  'stateai.labels',
  'llm.invocation_parameters',
  'langfuse.observation.usage_details',
  'langfuse.observation.cost_details',
  'langfuse.observation.model.parameters',
  'trace.metadata.provider_responses',
  'ai.response.providerMetadata',
  'hidden_params',
  'metadata.usage_object',
]);

export const longestOf = (key: string): number => (JSON_TEXTS.has(key) ? LONGEST_JSON : LONGEST_VALUE);
