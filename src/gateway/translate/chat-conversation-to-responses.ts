/** The messages of a chat request as the input items of responses. */
import { compact, given, isObject, type Maybe, numberOf, objectOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { detailsOfMessage, detailText, interleave, RESPONSES_FORMAT } from './reasoning.ts';
import { badRequest, requireObjects, requireString } from './refusals.ts';

/** @throws `bad_request` naming the message that cannot be said */
export function responsesInput(messages: Maybe): JsonObject[] {
  const customCalls = new Set<string>();
  const items = requireObjects(messages, 'messages').flatMap((message, i): JsonObject[] => {
    const field = `messages[${i}]`;
    switch (message.role) {
      case 'system':
      case 'developer':
      case 'user':
        return [
          { type: 'message', role: message.role, content: inputParts(message.content, `${field}.content`) },
        ];
      case 'assistant':
        return assistantItems(message, field, customCalls);
      case 'tool':
        return [toolOutput(message, field, customCalls)];
      default:
        throw badRequest(`${field}.role`, 'must be system, developer, user, assistant or tool');
    }
  });
  if (items.length === 0) throw badRequest('messages', 'must hold a message');
  return items;
}

function inputParts(content: Maybe, field: string): JsonObject[] {
  if (!given(content)) return [];
  if (typeof content === 'string') return [{ type: 'input_text', text: content }];
  return requireObjects(content, field).map((part, i) => inputPart(part, `${field}[${i}]`));
}

function inputPart(part: JsonObject, field: string): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: requireString(part.text, `${field}.text`) };
    case 'image_url': {
      const holder = part.image_url;
      const url = requireString(isObject(holder) ? holder.url : holder, `${field}.image_url.url`);
      const detail = isObject(holder) ? stringOf(holder.detail) : null;
      return { type: 'input_image', image_url: url, detail: detail ?? 'auto' };
    }
    case 'file': {
      const file = objectOf(part.file);
      const filename = stringOf(file.filename) ?? undefined;
      if (!given(file.file_data))
        return compact({
          type: 'input_file',
          file_id: requireString(file.file_id, `${field}.file.file_data`),
        });
      const data = requireString(file.file_data, `${field}.file.file_data`);
      const where = /^https?:/i.test(data) ? { file_url: data } : { file_data: data };
      return compact({ type: 'input_file', filename, ...where });
    }
    default:
      throw badRequest(`${field}.type`, 'is a kind of content that this model does not take');
  }
}

function assistantItems(message: JsonObject, field: string, customCalls: Set<string>): JsonObject[] {
  const { content } = message;
  const texts = !given(content)
    ? []
    : typeof content === 'string'
      ? [content]
      : requireObjects(content, `${field}.content`).map((part, i) =>
          requireString(part.text ?? part.refusal, `${field}.content[${i}].text`),
        );
  const refusal = stringOf(message.refusal);
  const parts: JsonObject[] = texts
    .filter((text) => text !== '')
    .map((text) => ({ type: 'output_text', text, annotations: [] }));
  if (refusal) parts.push({ type: 'refusal', refusal });
  const said: JsonObject[] = parts.length > 0 ? [{ type: 'message', role: 'assistant', content: parts }] : [];
  const calls = given(message.tool_calls) ? requireObjects(message.tool_calls, `${field}.tool_calls`) : [];
  const callItems = calls.map((call, i) => toolCall(call, `${field}.tool_calls[${i}]`, customCalls));
  return interleave(reasoningItems(message), [...said, ...callItems]);
}

/** Reasoning of OpenAI's models alone, and only with its encrypted content: without it, it says nothing to them. */
function reasoningItems(message: JsonObject): { block: JsonObject; index: number | null }[] {
  const items: { block: JsonObject; index: number | null }[] = [];
  let summary: JsonObject[] = [];
  let first: number | null = null;
  for (const detail of detailsOfMessage(message)) {
    if (detail.format !== RESPONSES_FORMAT) continue;
    first ??= numberOf(detail.index);
    const text = detailText(detail);
    if (text !== null) {
      if (detail.type === 'reasoning.summary') summary.push({ type: 'summary_text', text });
      continue;
    }
    const id = stringOf(detail.id) ?? undefined;
    const block = compact({ type: 'reasoning', id, summary, encrypted_content: detail.data ?? '' });
    items.push({ block, index: first });
    summary = [];
    first = null;
  }
  return items;
}

function toolCall(call: JsonObject, field: string, customCalls: Set<string>): JsonObject {
  const call_id = requireString(call.id, `${field}.id`);
  if (call.type === 'custom') {
    const custom = objectOf(call.custom);
    customCalls.add(call_id);
    const name = requireString(custom.name, `${field}.custom.name`);
    return { type: 'custom_tool_call', call_id, name, input: stringOf(custom.input) ?? '' };
  }
  const fn = objectOf(call.function);
  const name = requireString(fn.name, `${field}.function.name`);
  return { type: 'function_call', call_id, name, arguments: stringOf(fn.arguments) || '{}' };
}

function toolOutput(message: JsonObject, field: string, customCalls: Set<string>): JsonObject {
  const call_id = requireString(message.tool_call_id, `${field}.tool_call_id`);
  const { content } = message;
  return {
    type: customCalls.has(call_id) ? 'custom_tool_call_output' : 'function_call_output',
    call_id,
    output: typeof content === 'string' ? content : inputParts(content, `${field}.content`),
  };
}
