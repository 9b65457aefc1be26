/** A request of Anthropic's messages as a chat request. */
import { compact, given, isObject, type Maybe, numberOf, objectOf, objectsOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { chatContent, partsOfBlock, RESULT_FOLLOWS } from './content-parts.ts';
import { detailOfBlock, reasoningFields } from './reasoning.ts';
import { effortOfMessages } from './reasoning-effort.ts';
import { badRequest, refuseFields, requireObjects, requireString } from './refusals.ts';
import { toolFieldsToChat } from './tools.ts';

/** Fields that would change the answer, or where it is made, and that chat cannot express. */
const REFUSED = ['container', 'inference_geo', 'mcp_servers'] as const;

/** @throws `bad_request` naming the field that has no counterpart */
export function messagesRequestToChat(
  body: JsonObject,
  options: { model: string; stream: boolean },
): JsonObject {
  refuseFields(body, REFUSED, 'for this model');
  // Thinking of Claude's is sent to no other model: that it shall be cleared changes nothing.
  if (!objectsOf(objectOf(body.context_management).edits).every(clearsThinking))
    refuseFields(body, ['context_management'], 'for this model');
  const format = outputFormat(objectOf(body.output_config).format ?? body.output_format);
  return compact({
    model: options.model,
    messages: conversation(body),
    ...maxTokens(body.max_tokens, options.model),
    ...toolFieldsToChat(body),
    stop:
      Array.isArray(body.stop_sequences) && body.stop_sequences.length > 0 ? body.stop_sequences : undefined,
    temperature: numberOf(body.temperature) ?? undefined,
    top_p: numberOf(body.top_p) ?? undefined,
    top_k: numberOf(body.top_k) ?? undefined,
    reasoning_effort: effortOfMessages(body),
    response_format: format,
    user: userOf(objectOf(body.metadata).user_id),
    service_tier: serviceTier(body.service_tier),
    cache_control: body.cache_control ?? undefined,
    ...(options.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

const clearsThinking = ({ type }: JsonObject): boolean =>
  typeof type === 'string' && type.startsWith('clear_thinking');

/** OpenAI's reasoning models refuse `max_tokens`; every other upstream of this dialect knows it. */
export function maxTokens(value: Maybe, model: string): JsonObject {
  if (numberOf(value) === null) return {};
  return { [/(^|\/)(o\d|gpt-[5-9])/i.test(model) ? 'max_completion_tokens' : 'max_tokens']: value as number };
}

/** OpenAI takes no longer one; agents write device, account and session there, which are Anthropic's to know. */
const LONGEST_USER = 64;
const userOf = (id: Maybe): string | undefined =>
  typeof id === 'string' && id.length <= LONGEST_USER ? id : undefined;

function outputFormat(value: Maybe): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  if (value.type !== 'json_schema' || !isObject(value.schema))
    throw badRequest('output_config.format', 'must be a json_schema with a schema');
  return { type: 'json_schema', json_schema: { name: 'output', schema: value.schema, strict: true } };
}

const serviceTier = (value: Maybe): string | undefined =>
  value === 'auto' ? 'auto' : value === 'standard_only' ? 'default' : undefined;

function conversation(body: JsonObject): JsonObject[] {
  const out: JsonObject[] = [];
  if (given(body.system)) {
    const parts = partsOf(body.system, 'system');
    if (parts.length > 0) out.push({ role: 'system', content: chatContent(parts) });
  }
  requireObjects(body.messages, 'messages').forEach((message, i) => {
    const field = `messages[${i}]`;
    if (message.role === 'user') out.push(...userMessages(message, field));
    else if (message.role === 'assistant') out.push(...assistantMessage(message, field));
    else if (message.role === 'system')
      out.push({ role: 'system', content: chatContent(partsOf(message.content, `${field}.content`)) });
    else throw badRequest(`${field}.role`, 'must be user, assistant or system');
  });
  return out;
}

/** Text-like content as parts. @throws `bad_request` for a block that is no text, image or document */
function partsOf(content: Maybe, field: string): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return requireObjects(content, field).flatMap((block, i) => partsOrRefuse(block, `${field}[${i}]`));
}

function partsOrRefuse(block: JsonObject, field: string): JsonObject[] {
  const parts = partsOfBlock(block, field);
  if (parts === null) throw badRequest(`${field}.type`, 'has no counterpart for this model');
  return parts;
}

/** A user turn: its tool results as messages of their own, then the rest as one message. */
function userMessages(message: JsonObject, field: string): JsonObject[] {
  if (typeof message.content === 'string') return [{ role: 'user', content: message.content }];
  const results: JsonObject[] = [];
  const rest: JsonObject[] = [];
  requireObjects(message.content, `${field}.content`).forEach((block, i) => {
    const path = `${field}.content[${i}]`;
    if (block.type !== 'tool_result') {
      rest.push(...partsOrRefuse(block, path));
      return;
    }
    const parts = given(block.content) ? partsOf(block.content, `${path}.content`) : [];
    const text = parts.filter((p) => p.type === 'text');
    const files = parts.filter((p) => p.type !== 'text');
    if (text.length === 0 && files.length > 0) text.push({ type: 'text', text: RESULT_FOLLOWS });
    rest.push(...files);
    results.push(toolMessage(block, text, path));
  });
  return rest.length > 0 ? [...results, { role: 'user', content: chatContent(rest) }] : results;
}

function toolMessage(block: JsonObject, parts: JsonObject[], field: string): JsonObject {
  const last = parts.at(-1);
  const marked =
    given(block.cache_control) && last !== undefined
      ? [...parts.slice(0, -1), { ...last, cache_control: block.cache_control }]
      : parts;
  return compact({
    role: 'tool',
    tool_call_id: requireString(block.tool_use_id, `${field}.tool_use_id`),
    content: marked.length === 0 ? '' : chatContent(marked),
    is_error: block.is_error === true ? true : undefined,
  });
}

function assistantMessage(message: JsonObject, field: string): JsonObject[] {
  if (typeof message.content === 'string') return [{ role: 'assistant', content: message.content }];
  const details: JsonObject[] = [];
  const parts: JsonObject[] = [];
  const calls: JsonObject[] = [];
  requireObjects(message.content, `${field}.content`).forEach((block, i) => {
    const path = `${field}.content[${i}]`;
    const detail = detailOfBlock(block, i);
    if (detail !== null) details.push(detail);
    else if (block.type === 'tool_use') calls.push(toolCall(block, path));
    else parts.push(...partsOrRefuse(block, path));
  });
  if (details.length + parts.length + calls.length === 0) return [];
  return [
    compact({
      role: 'assistant',
      content: parts.length === 0 ? null : chatContent(parts),
      ...reasoningFields(details),
      tool_calls: calls.length > 0 ? calls : undefined,
    }),
  ];
}

function toolCall(block: JsonObject, field: string): JsonObject {
  return compact({
    id: requireString(block.id, `${field}.id`),
    type: 'function',
    function: {
      name: requireString(block.name, `${field}.name`),
      arguments: JSON.stringify(objectOf(block.input)),
    },
    cache_control: block.cache_control ?? undefined,
  });
}
