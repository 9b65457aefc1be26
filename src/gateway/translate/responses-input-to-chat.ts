/** `instructions` and `input` of responses as the messages of a chat. */
import { compact, given, type Maybe, stringOf } from '../../json/read.ts';
import type { Json, JsonObject } from '../contract.ts';
import { chatContent } from './content-parts.ts';
import { reasoningFields } from './reasoning.ts';
import { detailsOfReasoningItem } from './reasoning-items.ts';
import { badRequest, requireObjects, requireString } from './refusals.ts';

/** A turn of the assistant while its items come in: they become one message. */
interface AssistantTurn {
  details: JsonObject[];
  parts: JsonObject[];
  calls: JsonObject[];
}

/** @throws `bad_request` for an item that has no counterpart in chat */
export function responsesConversation(body: JsonObject): JsonObject[] {
  const out: JsonObject[] = [];
  let turn: AssistantTurn | null = null;
  const assistant = (): AssistantTurn => {
    turn ??= { details: [], parts: [], calls: [] };
    return turn;
  };
  const closeTurn = () => {
    if (turn) out.push(...assistantMessage(turn));
    turn = null;
  };
  const instructions = stringOf(body.instructions);
  if (instructions) out.push({ role: 'system', content: instructions });
  const input: Maybe = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input;
  for (const [i, item] of requireObjects(input, 'input').entries()) {
    const field = `input[${i}]`;
    const type = stringOf(item.type) ?? (given(item.role) ? 'message' : null);
    if (type === 'reasoning') {
      const { details, parts, calls } = assistant();
      const index = details.length + parts.length + calls.length;
      details.push(...detailsOfReasoningItem(item).map((d, j) => ({ ...d, index: index + j })));
    } else if (type === 'function_call' || type === 'custom_tool_call')
      assistant().calls.push(toolCall(item, type, field));
    else if (type === 'message' && item.role === 'assistant')
      assistant().parts.push(...partsOf(item.content, `${field}.content`));
    else {
      closeTurn();
      out.push(otherMessage(item, type, field));
    }
  }
  closeTurn();
  if (out.every((m) => m.role === 'system' || m.role === 'developer'))
    throw badRequest('input', 'must hold a message of the user or the assistant');
  return out;
}

function assistantMessage({ details, parts, calls }: AssistantTurn): JsonObject[] {
  if (parts.length + calls.length + details.length === 0) return [];
  return [
    compact({
      role: 'assistant',
      content: parts.length > 0 ? chatContent(parts) : null,
      ...reasoningFields(details),
      tool_calls: calls.length > 0 ? calls : undefined,
    }),
  ];
}

function toolCall(item: JsonObject, type: string, field: string): JsonObject {
  const id = requireString(item.call_id, `${field}.call_id`);
  const name = requireString(item.name, `${field}.name`);
  return type === 'function_call'
    ? { id, type: 'function', function: { name, arguments: stringOf(item.arguments) ?? '' } }
    : { id, type: 'custom', custom: { name, input: stringOf(item.input) ?? '' } };
}

function otherMessage(item: JsonObject, type: string | null, field: string): JsonObject {
  if (type === 'message') {
    const role = item.role;
    if (role !== 'user' && role !== 'system' && role !== 'developer')
      throw badRequest(`${field}.role`, 'must be user, assistant, system or developer');
    return { role, content: contentOf(item.content, `${field}.content`) };
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output')
    return {
      role: 'tool',
      tool_call_id: requireString(item.call_id, `${field}.call_id`),
      content: contentOf(item.output, `${field}.output`),
    };
  throw badRequest(`${field}.type`, 'is a kind of item that this model does not take');
}

function contentOf(content: Maybe, field: string): Json {
  if (typeof content === 'string') return content;
  return chatContent(partsOf(content, field));
}

function partsOf(content: Maybe, field: string): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return requireObjects(content, field).map((part, i) => chatPart(part, `${field}[${i}]`));
}

function chatPart(part: JsonObject, field: string): JsonObject {
  const mark = { cache_control: part.cache_control ?? undefined };
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return compact({ type: 'text', text: requireString(part.text, `${field}.text`), ...mark });
    case 'refusal':
      return { type: 'text', text: requireString(part.refusal, `${field}.refusal`) };
    case 'input_image': {
      if (!given(part.image_url)) throw badRequest(`${field}.file_id`, 'is not known here: send image_url');
      const url = requireString(part.image_url, `${field}.image_url`);
      return compact({
        type: 'image_url',
        image_url: compact({ url, detail: stringOf(part.detail) ?? undefined }),
        ...mark,
      });
    }
    case 'input_file': {
      const data = part.file_data ?? part.file_url;
      if (!given(data)) throw badRequest(`${field}.file_id`, 'is not known here: send file_data or file_url');
      const file = { filename: stringOf(part.filename) ?? 'document.pdf', file_data: data };
      return compact({ type: 'file', file, ...mark });
    }
    case 'input_audio':
      return { type: 'input_audio', input_audio: part.input_audio ?? null };
    default:
      throw badRequest(`${field}.type`, 'is no known kind of content');
  }
}
