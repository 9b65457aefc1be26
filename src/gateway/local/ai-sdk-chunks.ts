/** A stream of an AI SDK model as chunks of a chat completion. */
import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { compact, present } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { now } from '../translate/stream-events.ts';
import { usageToChat } from '../translate/usage.ts';
import { type AnswerContext, citationOf, finishFields, imageOf, sdkUsage } from './ai-sdk-answer.ts';
import { detailOfPart, detailOfReasoning, TEXT } from './ai-sdk-reasoning.ts';

type Metadata = SharedV4ProviderMetadata | undefined;

/**
 * The chunks of each stream part in turn. `error` parts are not handled here: the caller throws them.
 * @returns for every part its chunks; the first is preceded by the chunk with the role, `finish` gives the last two
 */
export function chunksOfParts(context: AnswerContext): (part: LanguageModelV4StreamPart) => JsonObject[] {
  const head = { id: context.id, object: 'chat.completion.chunk', created: now(), model: context.model };
  const tools = new Map<string, number>();
  const reasoning = new Map<string, { index: number; metadata: Metadata }>();
  let textMetadata: Metadata;
  let index = 0;
  let started = false;

  const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: null, logprobs: null, ...more }],
  });
  const details = (list: JsonObject[]): JsonObject[] =>
    list.length > 0 ? [chunk({ reasoning_details: list })] : [];

  function toolStart(id: string, name: string): JsonObject[] {
    if (tools.has(id)) return [];
    tools.set(id, tools.size);
    index++;
    const fn = { name, arguments: '' };
    return [chunk({ tool_calls: [{ index: tools.get(id) as number, id, type: 'function', function: fn }] })];
  }

  const toolDelta = (id: string, text: string): JsonObject[] => {
    const tool = tools.get(id);
    return tool === undefined || text === ''
      ? []
      : [chunk({ tool_calls: [{ index: tool, function: { arguments: text } }] })];
  };

  function reasoningText(id: string, text: string, metadata: Metadata): JsonObject[] {
    const open = reasoning.get(id) ?? { index: index++, metadata: undefined };
    open.metadata = metadata ?? open.metadata;
    reasoning.set(id, open);
    if (text === '') return [];
    const detail = detailOfReasoning(text, undefined, context.reasoning, open.index);
    return [chunk({ reasoning: text, reasoning_details: [detail] })];
  }

  function reasoningEnd(id: string, metadata: Metadata): JsonObject[] {
    const open = reasoning.get(id);
    const all = metadata ?? open?.metadata;
    if (open === undefined || all === undefined) return [];
    return details([detailOfReasoning('', all, context.reasoning, open.index)]);
  }

  function partChunks(part: LanguageModelV4StreamPart): JsonObject[] {
    switch (part.type) {
      case 'text-start':
        index++;
        textMetadata = part.providerMetadata ?? textMetadata;
        return [];
      case 'text-delta':
        textMetadata = part.providerMetadata ?? textMetadata;
        return part.delta === '' ? [] : [chunk({ content: part.delta })];
      case 'text-end':
        textMetadata = part.providerMetadata ?? textMetadata;
        return [];
      case 'reasoning-start':
        return reasoningText(part.id, '', part.providerMetadata);
      case 'reasoning-delta':
        return reasoningText(part.id, part.delta, part.providerMetadata);
      case 'reasoning-end':
        return reasoningEnd(part.id, part.providerMetadata);
      case 'tool-input-start':
        return part.providerExecuted ? [] : toolStart(part.id, part.toolName);
      case 'tool-input-delta':
        return toolDelta(part.id, part.delta);
      case 'tool-call': {
        if (part.providerExecuted) return [];
        const whole = tools.has(part.toolCallId)
          ? []
          : [...toolStart(part.toolCallId, part.toolName), ...toolDelta(part.toolCallId, part.input)];
        const detail = detailOfPart(part.toolCallId, part.providerMetadata, context.reasoning);
        return [...whole, ...details(present(detail))];
      }
      case 'file':
        return present(imageOf(part)).map((image) => chunk({ images: [image] }));
      case 'source':
        return present(citationOf(part)).map((citation) => chunk({ annotations: [citation] }));
      case 'finish':
        return [
          ...details(present(detailOfPart(TEXT, textMetadata, context.reasoning))),
          chunk({}, finishFields(part.finishReason)),
          compact({ ...head, choices: [], usage: usageToChat(sdkUsage(part.usage)) }),
        ];
      default:
        return [];
    }
  }

  return (part) => {
    if (part.type === 'response-metadata') {
      if (part.id && !started) head.id = part.id;
      if (part.modelId && !started) head.model = part.modelId;
      return [];
    }
    const chunks = partChunks(part);
    if (chunks.length === 0 || started) return chunks;
    started = true;
    return [chunk({ role: 'assistant', content: '' }), ...chunks];
  };
}
