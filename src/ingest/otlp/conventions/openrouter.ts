/**
 * OpenRouter Broadcast: GenAI attributes plus OpenRouter's own, which arrive as `trace.metadata.openrouter.*` or
 * `openrouter.*`.
 *
 * The outermost span of a delivery (`LLM Generation`) is the generation; the spans below it (`provider attempt 1: …`,
 * `generation`, `moderation`) tell of its way and are not counted. Tokens are the provider's own counts, with cached and
 * reasoning tokens included. `gen_ai.provider.name` is the model's author there; who served is `provider_name`. The id is
 * OpenRouter's generation id, the one of its activity export, so that both doors together count a generation once.
 */
import { asNumber, flagAt, listAt, numberAt, type Span, textAt } from '../span.ts';
import type { Convention, Facts, Reading } from './contract.ts';
import { GEN_AI_CONTENT, GEN_AI_KEYS, GEN_AI_TOOLS, genAiFacts } from './gen-ai.ts';
import { openRouterUserText } from './user-text.ts';

const own = (...names: string[]): string[] =>
  names.flatMap((name) => [`trace.metadata.openrouter.${name}`, `openrouter.${name}`]);
const more = (...names: string[]): string[] =>
  names.flatMap((name) => [
    `trace.metadata.openrouter_generation.${name}`,
    `span.metadata.openrouter_generation.${name}`,
  ]);

const ID = 'gen_ai.response.id';
const RESPONSES = 'trace.metadata.provider_responses';
const KEYS = {
  provider: own('provider_name', 'provider_slug'),
  key: own('api_key_name'),
  externalUser: more('external_user'),
  user: own('user_id', 'creator_user_id', 'entity_id'),
  finish: own('finish_reason'),
  firstToken: [...own('first_token_ms'), ...more('latency')],
  app: [...own('app_name'), ...more('app.title')],
  streamed: more('streamed'),
  cancelled: more('cancelled'),
  byok: more('is_byok'),
  upstreamCost: more('byok_usage_inference', 'usage_upstream'),
  cost: more('usage'),
  cacheWriteParts: ['gen_ai.usage.input_tokens.cache_write_5m', 'gen_ai.usage.input_tokens.cache_write_1h'],
};

/** Spans that the settings page sends to try a destination. */
const TESTS = new Set(['openrouter-connection-test', 'Test Generation']);

export const openRouter: Convention = {
  name: 'openrouter',
  door: 'openrouter-broadcast',
  keys: [...Object.values(KEYS).flat(), ID, RESPONSES, 'span.type', 'trace.name', ...GEN_AI_KEYS],
  content: [...GEN_AI_CONTENT, 'span.input', 'trace.input'],
  tools: GEN_AI_TOOLS,
  outermost: true,
  read(span: Span): Reading | null {
    if (!isBroadcast(span)) return null;
    const id = textAt(span, ID);
    const name = span.name ?? '';
    const isTest = TESTS.has(name) || textAt(span, 'trace.name')?.startsWith('Test Trace - OpenRouter');
    if (isTest || name.startsWith('provider attempt') || id?.includes(':attempt-')) return 'other';
    const facts = factsOf(span, id);
    // Moderation, tools of the server: steps of a generation that have no tokens.
    const isStep = facts.promptTokens === null && facts.totalTokens === null;
    return isStep && (span.parentId !== null || !facts.requestModel) ? 'other' : { generation: facts };
  },
  userText: openRouterUserText,
};

function isBroadcast(span: Span): boolean {
  if (span.resource.get('service.name') === 'openrouter' || span.scope === 'openrouter') return true;
  return textAt(span, ...KEYS.provider, ...KEYS.key) !== null;
}

function factsOf(span: Span, id: string | null): Facts {
  const facts = genAiFacts(span);
  const byok = flagAt(span, ...KEYS.byok) ?? byokOf(span);
  return {
    ...facts,
    provider: textAt(span, ...KEYS.provider),
    user: textAt(span, 'user.id', ...KEYS.externalUser) ?? textAt(span, ...KEYS.key, ...KEYS.user),
    app: textAt(span, ...KEYS.app),
    cacheWriteTokens: facts.cacheWriteTokens ?? sumOf(KEYS.cacheWriteParts.map((key) => numberAt(span, key))),
    cost: facts.cost ?? numberAt(span, ...KEYS.cost),
    upstreamCost: byok ? numberAt(span, ...KEYS.upstreamCost) : null,
    byok,
    streamed: flagAt(span, ...KEYS.streamed) ?? facts.streamed,
    cancelled: flagAt(span, ...KEYS.cancelled),
    finishReason: facts.finishReason ?? textAt(span, ...KEYS.finish),
    latencyMs: numberAt(span, ...KEYS.firstToken) ?? facts.latencyMs,
    id: id !== null && /^gen-[\w-]{10,100}$/.test(id) ? id : null,
  };
}

/** Of the try that answered, which is the last one. */
function byokOf(span: Span): boolean | null {
  const last = listAt(span, RESPONSES).at(-1) as { is_byok?: unknown } | null | undefined;
  return typeof last?.is_byok === 'boolean' ? last.is_byok : null;
}

function sumOf(parts: readonly (number | null)[]): number | null {
  const known = parts.map(asNumber).filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}
