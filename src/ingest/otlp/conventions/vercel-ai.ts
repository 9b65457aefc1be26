/**
 * Vercel AI SDK: `ai.operationId` of its older spans, and GenAI spans of the package `@ai-sdk/otel`, which `gen-ai.ts` reads.
 *
 * The spans `ai.generateText`, `ai.streamText`, `ai.generateObject`, `ai.streamObject`, `ai.embed` and `ai.embedMany`
 * sum up their children `….doGenerate`, `….doStream` and `….doEmbed`, which are the generations. Input tokens include
 * cached ones since version 6; before, Anthropic's were left out, and Google's reasoning out of the output (see
 * `withAllParts`).
 */
import { countOf, objectOf } from '../../../json/read.ts';
import { flagAt, numberAt, objectAt, type Span, textAt } from '../span.ts';
import { beforeDot, statedUsageAt, type Usage, withAllParts } from './common.ts';
import type { Convention, Facts, Reading } from './contract.ts';
import { GEN_AI_KEYS, genAiFacts } from './gen-ai.ts';
import { vercelAiUserText } from './user-text.ts';

const LEAF =
  /^ai\.(generateText|generateObject)\.doGenerate$|^ai\.(streamText|streamObject)\.doStream$|^ai\.(embed|embedMany)\.doEmbed$/;

const KEYS = {
  operation: ['ai.operationId'],
  model: ['ai.model.id'],
  responseModel: ['ai.response.model'],
  provider: ['ai.model.provider'],
  prompt: ['ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'],
  completion: ['ai.usage.outputTokens', 'ai.usage.completionTokens'],
  total: ['ai.usage.totalTokens'],
  cached: ['ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'],
  cacheWrite: ['ai.usage.inputTokenDetails.cacheWriteTokens'],
  reasoning: ['ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'],
  finish: ['ai.response.finishReason'],
  firstChunk: ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'],
};

/** JSON of the provider's own; of it only Anthropic's counts. */
const METADATA = 'ai.response.providerMetadata';

export const vercelAi: Convention = {
  name: 'vercel-ai',
  door: 'otlp',
  keys: [...Object.values(KEYS).flat(), METADATA, ...GEN_AI_KEYS],
  content: ['ai.prompt.messages'],
  tools: ['ai.prompt.tools'],
  read(span: Span): Reading | null {
    const operation = textAt(span, ...KEYS.operation);
    if (operation === null) return null;
    if (LEAF.test(operation)) return { generation: factsOf(span, operation) };
    return /^ai\.(generate|stream)(Text|Object)$|^ai\.embed(Many)?$/.test(operation) ? 'roll-up' : 'other';
  },
  userText: vercelAiUserText,
};

function factsOf(span: Span, operation: string): Facts {
  const genAi = genAiFacts(span);
  const usage = usageOf(span);
  return {
    ...genAi,
    requestModel: genAi.requestModel ?? textAt(span, ...KEYS.model),
    responseModel: genAi.responseModel ?? textAt(span, ...KEYS.responseModel),
    provider: beforeDot(textAt(span, ...KEYS.provider) ?? genAi.provider),
    promptTokens: usage.promptTokens ?? genAi.promptTokens,
    completionTokens: usage.completionTokens ?? genAi.completionTokens,
    totalTokens: usage.totalTokens ?? genAi.totalTokens,
    cachedTokens: usage.cachedTokens ?? genAi.cachedTokens,
    cacheWriteTokens: usage.cacheWriteTokens ?? genAi.cacheWriteTokens,
    reasoningTokens: usage.reasoningTokens ?? genAi.reasoningTokens,
    finishReason: genAi.finishReason ?? textAt(span, ...KEYS.finish),
    streamed: flagAt(span, 'gen_ai.request.stream') ?? operation.startsWith('ai.stream'),
    latencyMs: numberAt(span, ...KEYS.firstChunk) ?? genAi.latencyMs,
  };
}

/**
 * Anthropic's counts of cached tokens stand in the provider's metadata: with its whole usage since version 5, by
 * themselves in version 4, which left them out of the input. So did version 5, whose input is Anthropic's own.
 */
function usageOf(span: Span): Usage {
  const stated = statedUsageAt(span, KEYS);
  const anthropic = objectOf(objectAt(span, METADATA).anthropic);
  const own = objectOf(anthropic.usage);
  const cached = countOf(own.cache_read_input_tokens) ?? countOf(anthropic.cacheReadInputTokens);
  const written = countOf(own.cache_creation_input_tokens) ?? countOf(anthropic.cacheCreationInputTokens);
  const usage = {
    ...stated,
    cachedTokens: stated.cachedTokens ?? cached,
    cacheWriteTokens: stated.cacheWriteTokens ?? written,
  };
  const plain = countOf(own.input_tokens);
  const { promptTokens: prompt } = stated;
  if (prompt === null || (cached ?? 0) + (written ?? 0) === 0) return withAllParts(usage);
  if (plain !== null && plain !== prompt) return withAllParts(usage);
  return { ...usage, promptTokens: prompt + (cached ?? 0) + (written ?? 0) };
}
