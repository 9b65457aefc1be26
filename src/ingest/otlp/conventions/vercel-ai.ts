/**
 * Vercel AI SDK: `ai.operationId` of its older spans, and GenAI spans of the package `@ai-sdk/otel`, which `gen-ai.ts` reads.
 *
 * The spans `ai.generateText`, `ai.streamText`, `ai.generateObject`, `ai.streamObject`, `ai.embed` and `ai.embedMany`
 * sum up their children `….doGenerate`, `….doStream` and `….doEmbed`, which are the generations. Input tokens include
 * cached ones since version 5; before, Anthropic's were left out (see `usageAt`).
 */
import { flagAt, numberAt, type Span, textAt } from '../span.ts';
import { beforeDot, usageAt } from './common.ts';
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

export const vercelAi: Convention = {
  name: 'vercel-ai',
  door: 'otlp',
  keys: [...Object.values(KEYS).flat(), ...GEN_AI_KEYS],
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
  const usage = usageAt(span, KEYS);
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
