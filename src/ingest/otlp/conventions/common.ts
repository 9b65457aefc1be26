/** What all conventions have in common: whose call it was, from where, and how it ended. */
import { firstWordAt, numberAt, type Span, textAt } from '../span.ts';
import { type Facts, NOTHING } from './contract.ts';

const USER = [
  'user.id',
  'enduser.id',
  'langfuse.user.id',
  'traceloop.association.properties.user_id',
  'langsmith.metadata.user_id',
  'gen_ai.request.user',
  'ai.settings.context.userId',
  'ai.telemetry.metadata.userId',
];
const SESSION = [
  'session.id',
  'gen_ai.conversation.id',
  'langfuse.session.id',
  'traceloop.association.properties.session_id',
  'traceloop.association.properties.thread_id',
  'langsmith.metadata.session_id',
  'langsmith.metadata.thread_id',
  'gcp.vertex.agent.session_id',
  'ai.settings.context.sessionId',
  'ai.telemetry.metadata.sessionId',
];
const STATUS = ['http.response.status_code', 'http.status_code'];

export const COMMON_KEYS: readonly string[] = [...USER, ...SESSION, ...STATUS, 'error.type', 'service.name'];

export type Caller = Pick<Facts, 'user' | 'session' | 'app'>;

/** Whose call it was, as any span may say it, also one that is no generation. */
export const callerAt = (span: Span): Caller => ({
  user: textAt(span, ...USER),
  session: textAt(span, ...SESSION),
  app: appOf(textAt(span, 'service.name')),
});

export function commonFacts(span: Span): Facts {
  return {
    ...NOTHING,
    ...callerAt(span),
    status: numberAt(span, ...STATUS) ?? statusIn(firstWordAt(span, 'error.type')),
    latencyMs: span.firstToken,
  };
}

/** SDKs that were told no name say `unknown_service:node`. */
const appOf = (service: string | null): string | null =>
  service === null || service.startsWith('unknown_service') ? null : service;

const statusIn = (type: string | null): number | null =>
  type !== null && /^[1-5]\d\d$/.test(type) ? Number(type) : null;

/** Seconds, as the conventions count, in milliseconds. */
export const inMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

/** Attributes with the token counts of a convention, the first that is there counts. */
export interface UsageKeys {
  prompt: readonly string[];
  completion: readonly string[];
  total: readonly string[];
  cached: readonly string[];
  cacheWrite: readonly string[];
  reasoning: readonly string[];
}

export type Usage = Pick<
  Facts,
  | 'promptTokens'
  | 'completionTokens'
  | 'totalTokens'
  | 'cachedTokens'
  | 'cacheWriteTokens'
  | 'reasoningTokens'
>;

/** Tokens as the span states them, with the parts that it leaves out of a total where the numbers show it. */
export const usageAt = (span: Span, keys: UsageKeys): Usage => withAllParts(statedUsageAt(span, keys));

export const statedUsageAt = (span: Span, keys: UsageKeys): Usage => ({
  promptTokens: numberAt(span, ...keys.prompt),
  completionTokens: numberAt(span, ...keys.completion),
  totalTokens: numberAt(span, ...keys.total),
  cachedTokens: numberAt(span, ...keys.cached),
  cacheWriteTokens: numberAt(span, ...keys.cacheWrite),
  reasoningTokens: numberAt(span, ...keys.reasoning),
});

/**
 * Prompt tokens with the cached ones, completion tokens with reasoning. Conventions say that they are included, but some
 * instrumentations pass on what an API counts: Anthropic's leaves cached tokens out, Google's reasoning. They are added
 * where the numbers show that they are missing: a part is larger than its whole, or the total is the sum of all parts.
 */
export function withAllParts(usage: Usage): Usage {
  const { promptTokens: prompt, completionTokens: completion, totalTokens: total } = usage;
  const cache = (usage.cachedTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
  const reasoning = usage.reasoningTokens ?? 0;
  const rest = completion ?? 0;
  const isBeside =
    cache > 0 && prompt !== null && (cache > prompt || isOneOf(total, prompt + cache, rest, reasoning));
  const promptTokens = isBeside ? prompt + cache : prompt;
  const isThoughtBeside =
    reasoning > 0 &&
    completion !== null &&
    (reasoning > completion || total === (promptTokens ?? 0) + completion + reasoning);
  return { ...usage, promptTokens, completionTokens: isThoughtBeside ? completion + reasoning : completion };
}

/** The total of a prompt and a completion, with reasoning or without. */
const isOneOf = (total: number | null, prompt: number, completion: number, reasoning: number): boolean =>
  total === prompt + completion || total === prompt + completion + reasoning;

/** `openai.chat`, `anthropic.messages`: a provider and the kind of its API. */
export const beforeDot = (provider: string | null): string | null => provider?.split('.', 1)[0] || null;
