/** Answers of an AI SDK model, whole, as chat completions; what whole and streamed answers share. */
import type {
  LanguageModelV4Content,
  LanguageModelV4File,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4Source,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { compact, present } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject, Usage } from '../contract.ts';
import { reasoningFields } from '../translate/reasoning.ts';
import { now } from '../translate/stream-events.ts';
import { usageToChat } from '../translate/usage.ts';
import { detailOfPart, detailOfReasoning, type ReasoningKind, TEXT } from './ai-sdk-reasoning.ts';

export interface AnswerContext {
  model: string;
  /** The id of an answer whose provider gives it none. */
  id: string;
  reasoning: ReasoningKind;
}

export function sdkUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): Usage {
  return {
    prompt: inputTokens.total ?? null,
    completion: outputTokens.total ?? null,
    reasoning: outputTokens.reasoning ?? null,
    cached: inputTokens.cacheRead ?? null,
    cacheWrite: inputTokens.cacheWrite ?? null,
    cost: null,
    upstreamCost: null,
  };
}

const FINISH: Record<LanguageModelV4FinishReason['unified'], string> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
  error: 'error',
  interrupted: 'error',
  other: 'stop',
};

export function finishFields({ unified, raw }: LanguageModelV4FinishReason): {
  finish_reason: string;
  native_finish_reason: string;
} {
  return { finish_reason: FINISH[unified], native_finish_reason: termOf(raw) ?? unified };
}

/** A picture that the model made; null for other files, and for one that is a link. */
export function imageOf(file: LanguageModelV4File): JsonObject | null {
  if (!file.mediaType.startsWith('image/') || file.data.type !== 'data') return null;
  const { data } = file.data;
  const base64 = typeof data === 'string' ? data : Buffer.from(data).toString('base64');
  return { type: 'image_url', image_url: { url: `data:${file.mediaType};base64,${base64}` } };
}

/** A page that the answer rests on; null for a document without address. */
export function citationOf(source: LanguageModelV4Source): JsonObject | null {
  if (source.sourceType !== 'url') return null;
  return { type: 'url_citation', url_citation: compact({ url: source.url, title: source.title ?? '' }) };
}

/** @param result what `doGenerate` gave */
export function completionOf(result: LanguageModelV4GenerateResult, context: AnswerContext): JsonObject {
  const { content } = result;
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const calls = content.flatMap(callOf);
  const images = content.flatMap((part) => (part.type === 'file' ? present(imageOf(part)) : []));
  const citations = content.flatMap((part) => (part.type === 'source' ? present(citationOf(part)) : []));
  return compact({
    id: result.response?.id ?? context.id,
    object: 'chat.completion',
    created: now(),
    model: result.response?.modelId ?? context.model,
    system_fingerprint: null,
    choices: [
      {
        index: 0,
        ...finishFields(result.finishReason),
        logprobs: null,
        message: compact({
          role: 'assistant',
          content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
          refusal: null,
          ...reasoningFields(detailsOf(content, context.reasoning)),
          tool_calls: calls.length > 0 ? calls : undefined,
          images: images.length > 0 ? images : undefined,
          annotations: citations.length > 0 ? citations : undefined,
        }),
      },
    ],
    usage: usageToChat(sdkUsage(result.usage)),
  });
}

function callOf(part: LanguageModelV4Content): JsonObject[] {
  if (part.type !== 'tool-call' || part.providerExecuted) return [];
  const fn = { name: part.toolName, arguments: part.input };
  return [{ id: part.toolCallId, type: 'function', function: fn }];
}

function detailsOf(content: LanguageModelV4Content[], kind: ReasoningKind): JsonObject[] {
  let index = 0;
  return content.flatMap((part) => {
    if (part.type === 'reasoning')
      return [detailOfReasoning(part.text, part.providerMetadata, kind, index++)];
    if (part.type !== 'text' && part.type !== 'tool-call') return [];
    index++;
    const id = part.type === 'text' ? TEXT : part.toolCallId;
    return present(detailOfPart(id, part.providerMetadata, kind));
  });
}
