/**
 * LiteLLM's own callbacks `otel` and `otel_v2`: GenAI attributes beside the proxy's facts, under names of its own.
 *
 * A call is known by its call type (`acompletion`), which stands where OpenLLMetry has the kind of a request. The proxy's
 * own steps share the scope and, in `otel_v2`, the model's name; they and `raw_gen_ai_request`, which repeats its parent,
 * are none. The account is the one of LiteLLM's spend logs: owner of the key, else its team, else the key's hash.
 * A cost of 0 stands for what has no price; a call answered from LiteLLM's cache repeats the cost of the first one.
 */
import { flagAt, numberAt, objectAt, type Span, textAt } from '../span.ts';
import type { Convention, Facts, Reading } from './contract.ts';
import { GEN_AI_CONTENT, GEN_AI_KEYS, GEN_AI_TOOLS, genAiFacts } from './gen-ai.ts';
import { genAiUserText } from './user-text.ts';

const KEYS = {
  type: ['llm.request.type', 'gen_ai.operation.name'],
  owner: ['metadata.user_api_key_user_id', 'litellm.metadata.user_api_key_user_id'],
  team: ['metadata.user_api_key_team_id', 'litellm.metadata.user_api_key_team_id', 'litellm.team.id'],
  key: ['metadata.user_api_key_hash', 'litellm.api_key.hash'],
  model: ['litellm.provider.model', 'gen_ai.request.model', 'gen_ai.response.model'],
  cost: ['gen_ai.cost.total_cost', 'litellm.cost.total'],
  streamed: ['litellm.request.streaming'],
};
const HIDDEN = 'hidden_params';
const USAGE = 'metadata.usage_object';

/** Call types that generate no text; embeddings are counted as in the other conventions. */
const NO_TEXT =
  /image|speech|transcription|rerank|moderation|ocr|search|batch|file|vector|mcp|tool|video|assistant|thread/;

/** Owns the keys that nobody else owns. */
const NOBODY = 'default_user_id';

export const liteLlm: Convention = {
  name: 'litellm',
  door: 'otlp',
  keys: [...Object.values(KEYS).flat(), HIDDEN, USAGE, ...GEN_AI_KEYS],
  content: GEN_AI_CONTENT,
  tools: GEN_AI_TOOLS,
  read(span: Span): Reading | null {
    if (span.scope !== 'litellm' && textAt(span, ...KEYS.key) === null) return null;
    const type = textAt(span, ...KEYS.type);
    if (type === null || span.name === 'raw_gen_ai_request' || NO_TEXT.test(type)) return 'other';
    return { generation: factsOf(span) };
  },
  userText: genAiUserText,
};

function factsOf(span: Span): Facts {
  const facts = genAiFacts(span);
  const hidden = objectAt(span, HIDDEN);
  const isFromCache = typeof hidden.cache_key === 'string' && hidden.cache_key !== '';
  const cost = numberAt(span, ...KEYS.cost) ?? (hidden.response_cost as number | null | undefined) ?? null;
  const owner = textAt(span, ...KEYS.owner);
  return {
    ...facts,
    ...partsOf(textAt(span, USAGE) ?? '', facts),
    // The answer's model may be the name that the caller asked for.
    responseModel: textAt(span, ...KEYS.model),
    provider: facts.provider === 'Unknown' ? null : facts.provider,
    user: (owner === NOBODY ? null : owner) ?? textAt(span, ...KEYS.team, ...KEYS.key) ?? facts.user,
    cost: isFromCache || typeof cost !== 'number' || cost === 0 ? null : cost,
    streamed: flagAt(span, ...KEYS.streamed) ?? facts.streamed,
  };
}

/** The parts of the totals, where only the usage tells them; it is written as Python prints it. */
function partsOf(
  usage: string,
  facts: Facts,
): Pick<Facts, 'cachedTokens' | 'cacheWriteTokens' | 'reasoningTokens'> {
  const number = (names: string): number | null => {
    const found = new RegExp(`['"](?:${names})['"]: ?(\\d+)`).exec(usage);
    return found ? Number(found[1]) : null;
  };
  return {
    cachedTokens: facts.cachedTokens ?? number('cached_tokens|cache_read_input_tokens'),
    cacheWriteTokens: facts.cacheWriteTokens ?? number('cache_creation_tokens|cache_creation_input_tokens'),
    reasoningTokens: facts.reasoningTokens ?? number('reasoning_tokens'),
  };
}
