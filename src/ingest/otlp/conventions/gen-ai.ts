/**
 * OpenTelemetry's GenAI semantic conventions, current and older, and what instrumentations made of them.
 *
 * Input tokens include cached ones by convention (see `usageAt` for senders that leave them out), output tokens
 * include reasoning. The provider's name is that of the semantic conventions (`aws.bedrock`, `openai`).
 */
import { firstWordAt, flagAt, numberAt, type Span, textAt } from '../span.ts';
import { COMMON_KEYS, commonFacts, inMs, usageAt } from './common.ts';
import type { Convention, Facts, Reading } from './contract.ts';
import { genAiUserText } from './user-text.ts';

const KEYS = {
  operation: ['gen_ai.operation.name'],
  provider: ['gen_ai.provider.name', 'gen_ai.system'],
  requestModel: ['gen_ai.request.model'],
  responseModel: ['gen_ai.response.model'],
  // The last ones are those of Semantic Kernel's first versions.
  prompt: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'gen_ai.response.prompt_tokens'],
  completion: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'gen_ai.response.completion_tokens',
  ],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens'],
  cached: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.input_tokens.cached',
    'gen_ai.usage.details.cache_read_tokens',
    'gen_ai.usage.details.cache_read_input_tokens',
    'gen_ai.usage.details.cached_tokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'gen_ai.usage.input_tokens.cache_write',
    'gen_ai.usage.input_tokens.cache_creation',
    'gen_ai.usage.details.cache_write_tokens',
    'gen_ai.usage.details.cache_creation_input_tokens',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.output_tokens.reasoning',
    'gen_ai.usage.details.reasoning_tokens',
    'ai.usage.outputTokenDetails.reasoningTokens',
  ],
  cost: ['gen_ai.usage.total_cost', 'gen_ai.usage.cost', 'operation.cost'],
  finish: [
    'gen_ai.response.finish_reasons',
    'gen_ai.response.finish_reason',
    'gen_ai.completion.0.finish_reason',
  ],
  firstChunk: ['gen_ai.response.time_to_first_chunk', 'gen_ai.client.operation.time_to_first_chunk'],
  serverFirstToken: ['gen_ai.server.time_to_first_token'],
  stream: [
    'gen_ai.request.stream',
    'gen_ai.is_streaming',
    'llm.is_streaming',
    'gen_ai.request.is_stream',
    'langsmith.request.streaming',
  ],
  id: ['gen_ai.response.id', 'ai.response.id'],
  agent: ['gen_ai.agent.name', 'agent_name'],
  langSmithKind: ['langsmith.span.kind'],
  logfireType: ['logfire.span_type'],
  /** LangSmith's, of dictionaries as Python prints them. */
  details: ['gen_ai.usage.input_token_details', 'gen_ai.usage.output_token_details'],
};

export const GEN_AI_KEYS: readonly string[] = [...Object.values(KEYS).flat(), ...COMMON_KEYS];
export const GEN_AI_CONTENT: readonly string[] = ['gen_ai.input.messages', 'gen_ai.prompt', 'gen_ai.prompt.'];
export const GEN_AI_TOOLS: readonly string[] = [
  'gen_ai.tool.definitions',
  'gen_ai.request.tools',
  'llm.request.functions.',
];

/** Operations that sum up others; what else is known by name and makes no tokens is no generation. */
const ROLL_UPS = new Set([
  'invoke_agent',
  'create_agent',
  'invoke_workflow',
  'workflow',
  'agent',
  'agent_step',
  'execute_task',
  'framework',
  'chain',
]);
const OTHERS = new Set([
  'execute_tool',
  'retrieval',
  'rerank',
  'plan',
  'guardrail.run',
  'guard',
  'memory',
  'handoff',
]);

export const genAi: Convention = {
  name: 'gen-ai',
  door: 'otlp',
  keys: GEN_AI_KEYS,
  content: GEN_AI_CONTENT,
  tools: GEN_AI_TOOLS,
  read: readGenAi,
  userText: genAiUserText,
};

export function readGenAi(span: Span): Reading | null {
  const operation = textAt(span, ...KEYS.operation);
  if (isNoCall(span)) return 'other';
  const facts = genAiFacts(span);
  const hasModel = facts.requestModel !== null || facts.responseModel !== null;
  if (operation === null && !hasModel && facts.promptTokens === null) return null;
  if (operation !== null && ROLL_UPS.has(operation)) return 'roll-up';
  // A run of an agent in older versions of Pydantic AI.
  if (operation === null && !hasModel && textAt(span, ...KEYS.agent) !== null) return 'roll-up';
  if (operation !== null && OTHERS.has(operation)) return 'other';
  // The outer of the AI SDK's two spans of embeddings, and operations without tokens (speech, pictures).
  const isText = operation === null || TEXT.has(operation);
  if (!isText && facts.promptTokens === null && facts.totalTokens === null) return 'other';
  if (operation === null && facts.promptTokens === null && facts.totalTokens === null && !span.hasError)
    return 'other';
  return { generation: facts };
}

/** Operations whose span is a generation even if it does not say how many tokens it took. */
const TEXT = new Set([
  'chat',
  'text_completion',
  'completion',
  'generate_content',
  'chat.completions',
  'text.completions',
]);

/** LangSmith names a run by its kind and gives a chain the tokens of its last answer; Logfire announces spans that begin. */
function isNoCall(span: Span): boolean {
  const kind = textAt(span, ...KEYS.langSmithKind);
  if (kind !== null && kind !== 'llm' && kind !== 'embedding') return true;
  return textAt(span, ...KEYS.logfireType) === 'pending_span';
}

export function genAiFacts(span: Span): Facts {
  const common = commonFacts(span);
  const latencyMs = inMs(numberAt(span, ...KEYS.firstChunk)) ?? strandsLatencyAt(span) ?? common.latencyMs;
  const usage = usageAt(span, KEYS);
  return {
    ...common,
    requestModel: modelAt(span, KEYS.requestModel),
    responseModel: modelAt(span, KEYS.responseModel),
    provider: textAt(span, ...KEYS.provider),
    ...usage,
    cachedTokens: usage.cachedTokens ?? detailAt(span, 'cache_read'),
    cacheWriteTokens: usage.cacheWriteTokens ?? detailAt(span, 'cache_creation'),
    reasoningTokens: usage.reasoningTokens ?? detailAt(span, 'reasoning'),
    cost: numberAt(span, ...KEYS.cost),
    finishReason: firstWordAt(span, ...KEYS.finish) ?? span.choice,
    id: sharedId(textAt(span, ...KEYS.id)),
    // A first chunk is timed only where there are chunks.
    streamed: flagAt(span, ...KEYS.stream) ?? (latencyMs === null ? null : true),
    latencyMs,
  };
}

/** Micrometer, and so Spring AI, writes `none` for what is not known. */
function modelAt(span: Span, keys: readonly string[]): string | null {
  const model = textAt(span, ...keys);
  return model === 'none' ? null : model;
}

/** Milliseconds, alone among those who write this attribute, which is a metric's name by convention. */
const strandsLatencyAt = (span: Span): number | null =>
  span.scope?.startsWith('strands') ? numberAt(span, ...KEYS.serverFirstToken) : null;

function detailAt(span: Span, name: string): number | null {
  for (const key of KEYS.details) {
    const text = textAt(span, key);
    const found = text === null ? null : new RegExp(`['"]${name}['"]: ?(\\d+)`).exec(text);
    if (found) return Number(found[1]);
  }
  return null;
}

/**
 * The id of a generation that OpenRouter or the gateway made. Their own records have it too, so a call that both they and
 * the application tell of is one record. Other ids are not unique enough.
 */
const sharedId = (id: string | null): string | null =>
  id !== null && /^gen-\d{10}-[0-9A-Za-z]{20}$/.test(id) ? id : null;
