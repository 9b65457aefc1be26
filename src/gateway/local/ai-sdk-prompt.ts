/** The messages of a chat request as a prompt of the AI SDK. */
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { given, isObject, type Maybe, numberOf, objectOf, parseObject, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { parseDataUrl } from '../translate/content-parts.ts';
import { detailsOfMessage, interleave } from '../translate/reasoning.ts';
import { badRequest, requireObjects, requireString } from '../translate/refusals.ts';
import { metadataOf, type ReasoningKind, TEXT } from './ai-sdk-reasoning.ts';

export interface PromptContext {
  reasoning: ReasoningKind;
  /** The provider fetches that URL itself; any other must come as data. */
  takesUrl(url: string, mediaType: string): boolean;
}

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;
type AssistantPart = LanguageModelV4TextPart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart;

/**
 * All system and developer messages come first: these providers take no others. Tool results that follow each other are
 * one message.
 * @throws `bad_request` naming the message that cannot be said
 */
export function chatPrompt(messages: Maybe, context: PromptContext): LanguageModelV4Prompt {
  const system: LanguageModelV4Prompt = [];
  const turns: LanguageModelV4Prompt = [];
  const toolNames = new Map<string, string>();
  for (const [i, message] of requireObjects(messages, 'messages').entries()) {
    const field = `messages[${i}]`;
    switch (message.role) {
      case 'system':
      case 'developer':
        system.push(...systemMessages(message, field));
        break;
      case 'user':
        turns.push(...userMessages(message, field, context));
        break;
      case 'assistant':
        turns.push(...assistantMessage(message, field, context, toolNames));
        break;
      case 'tool':
        addToolResult(turns, message, field, toolNames);
        break;
      default:
        throw badRequest(`${field}.role`, 'must be system, developer, user, assistant or tool');
    }
  }
  if (turns.length === 0) throw badRequest('messages', 'must hold a message of the user or the assistant');
  return [...system, ...turns];
}

/** A cache mark becomes Bedrock's cache point behind the message; other providers of these cache by themselves. */
const cachePoint = (part: JsonObject): { providerOptions: SharedV4ProviderOptions } | undefined =>
  given(part.cache_control)
    ? { providerOptions: { bedrock: { cachePoint: { type: 'default' } } } }
    : undefined;

function contentParts(content: Maybe, field: string): JsonObject[] {
  if (!given(content)) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return requireObjects(content, field);
}

function systemMessages(message: JsonObject, field: string): LanguageModelV4Message[] {
  return contentParts(message.content, `${field}.content`).map((part, i) => ({
    role: 'system',
    content: requireString(part.text, `${field}.content[${i}].text`),
    ...cachePoint(part),
  }));
}

/** A message is split behind every part with a cache mark, so that the mark keeps its place. */
function userMessages(message: JsonObject, field: string, context: PromptContext): LanguageModelV4Message[] {
  const out: LanguageModelV4Message[] = [];
  let content: UserPart[] = [];
  for (const [i, part] of contentParts(message.content, `${field}.content`).entries()) {
    content.push(userPart(part, `${field}.content[${i}]`, context));
    const mark = cachePoint(part);
    if (!mark) continue;
    out.push({ role: 'user', content, ...mark });
    content = [];
  }
  if (content.length > 0) out.push({ role: 'user', content });
  return out;
}

const AUDIO_TYPES: Readonly<Record<string, string>> = { mp3: 'audio/mpeg', wav: 'audio/wav' };

function userPart(part: JsonObject, field: string, context: PromptContext): UserPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: requireString(part.text, `${field}.text`) };
    case 'image_url':
    case 'video_url': {
      const kind = part.type;
      const holder = part[kind] as Maybe;
      const url = requireString(isObject(holder) ? holder.url : holder, `${field}.${kind}.url`);
      const fallback = kind === 'image_url' ? 'image/jpeg' : 'video/mp4';
      return filePart(url, fallback, undefined, `${field}.${kind}.url`, context);
    }
    case 'file': {
      const file = objectOf(part.file);
      const url = requireString(file.file_data, `${field}.file.file_data`);
      const name = stringOf(file.filename) ?? undefined;
      return filePart(url, 'application/pdf', name, `${field}.file.file_data`, context);
    }
    case 'input_audio': {
      const audio = objectOf(part.input_audio);
      const format = stringOf(audio.format) ?? '';
      return {
        type: 'file',
        mediaType: AUDIO_TYPES[format] ?? `audio/${format.replace(/[^a-z0-9]/gi, '')}`,
        data: { type: 'data', data: requireString(audio.data, `${field}.input_audio.data`) },
      };
    }
    default:
      throw badRequest(`${field}.type`, 'is no known kind of content');
  }
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

function filePart(
  url: string,
  fallback: string,
  filename: string | undefined,
  field: string,
  context: PromptContext,
): LanguageModelV4FilePart {
  const named = filename === undefined ? {} : { filename };
  const inline = parseDataUrl(url);
  if (inline !== null)
    return {
      type: 'file',
      mediaType: inline.mediaType,
      data: { type: 'data', data: inline.data },
      ...named,
    };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const mediaType = EXTENSIONS[parsed?.pathname.split('.').at(-1)?.toLowerCase() ?? ''] ?? fallback;
  if (parsed === null || !context.takesUrl(url, mediaType))
    throw badRequest(field, 'must be a data URL: the provider of this model fetches nothing');
  return { type: 'file', mediaType, data: { type: 'url', url: parsed }, ...named };
}

function assistantMessage(
  message: JsonObject,
  field: string,
  context: PromptContext,
  toolNames: Map<string, string>,
): LanguageModelV4Message[] {
  const kind = context.reasoning;
  const thinking: { block: AssistantPart; index: number | null }[] = [];
  const extras = new Map<string, SharedV4ProviderOptions>();
  for (const detail of detailsOfMessage(message)) {
    if (detail.format !== kind.format) continue;
    const providerOptions = metadataOf(detail, kind);
    const id = stringOf(detail.id);
    if (detail.type === 'reasoning.encrypted' && id !== null) {
      if (providerOptions) extras.set(id, providerOptions);
    } else
      thinking.push({
        block: { type: 'reasoning', text: stringOf(detail.text) ?? '', ...optional(providerOptions) },
        index: numberOf(detail.index),
      });
  }
  const texts = contentParts(message.content, `${field}.content`).map<AssistantPart>((part, i) => ({
    type: 'text',
    text: requireString(part.text ?? part.refusal, `${field}.content[${i}].text`),
    ...optional(extras.get(TEXT)),
  }));
  const calls = given(message.tool_calls) ? requireObjects(message.tool_calls, `${field}.tool_calls`) : [];
  const toolCalls = calls.map((call, i) => toolCall(call, `${field}.tool_calls[${i}]`, extras, toolNames));
  const content = interleave<AssistantPart>(thinking, [...texts, ...toolCalls]);
  return content.length > 0 ? [{ role: 'assistant', content }] : [];
}

const optional = (
  providerOptions: SharedV4ProviderOptions | undefined,
): { providerOptions?: SharedV4ProviderOptions } => (providerOptions ? { providerOptions } : {});

function toolCall(
  call: JsonObject,
  field: string,
  extras: Map<string, SharedV4ProviderOptions>,
  toolNames: Map<string, string>,
): LanguageModelV4ToolCallPart {
  if (given(call.type) && call.type !== 'function')
    throw badRequest(`${field}.type`, 'must be "function" for this model');
  const fn = objectOf(call.function);
  const toolCallId = requireString(call.id, `${field}.id`);
  const toolName = requireString(fn.name, `${field}.function.name`);
  const text = stringOf(fn.arguments) ?? '';
  const input = text.trim() === '' ? {} : parseObject(text);
  if (input === null) throw badRequest(`${field}.function.arguments`, 'must be a JSON object');
  toolNames.set(toolCallId, toolName);
  return { type: 'tool-call', toolCallId, toolName, input, ...optional(extras.get(toolCallId)) };
}

function addToolResult(
  turns: LanguageModelV4Prompt,
  message: JsonObject,
  field: string,
  toolNames: Map<string, string>,
): void {
  const toolCallId = requireString(message.tool_call_id, `${field}.tool_call_id`);
  const toolName = toolNames.get(toolCallId) ?? stringOf(message.name);
  if (toolName === null) throw badRequest(`${field}.tool_call_id`, 'must be the id of an earlier tool call');
  const value = contentParts(message.content, `${field}.content`)
    .map((part, i) => requireString(part.text, `${field}.content[${i}].text`))
    .join('');
  const result: LanguageModelV4ToolResultPart = {
    type: 'tool-result',
    toolCallId,
    toolName,
    output: { type: message.is_error === true ? 'error-text' : 'text', value },
  };
  const last = turns.at(-1);
  if (last?.role === 'tool') last.content.push(result);
  else turns.push({ role: 'tool', content: [result] });
}
