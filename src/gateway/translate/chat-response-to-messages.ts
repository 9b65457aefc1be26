/** A whole chat completion as an answer of Anthropic's messages. */
import { isObject, type Maybe, objectOf, objectsOf, parseObject, stringOf } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject } from '../contract.ts';
import { partsOfMessage, type WholePart } from './chat-parts.ts';
import { failureInChat, renderError } from './errors.ts';
import { messagesStopReason } from './finish-reasons.ts';
import { redactedData, signatureOf } from './reasoning.ts';
import { usageFromChat, usageToMessages } from './usage.ts';

/**
 * Of several choices the first counts. A refusal becomes text, with `refusal` as the stop reason; an answer that failed
 * becomes an error.
 */
export function chatResponseToMessages(body: JsonObject): JsonObject {
  const failure = failureInChat(body);
  if (failure !== null)
    return renderError('messages', { status: failure.status, message: failure.clientMessage });
  const choice = objectsOf(body.choices)[0] ?? {};
  const message = objectOf(choice.message);
  const parts = partsOfMessage(message);
  const refused = parts.some((p) => p.head.kind === 'refusal');
  const tools = parts.some((p) => p.head.kind === 'tool');
  return {
    ...messageShell(body),
    content: parts.map(blockOf),
    ...stopFields(choice, { refused, tools, refusal: stringOf(message.refusal) }),
    usage: messagesUsage(body),
  };
}

/** What every message has, without content: also the message of `message_start`. */
export function messageShell(body: JsonObject): JsonObject {
  return {
    id: stringOf(body.id) ?? '',
    type: 'message',
    role: 'assistant',
    model: stringOf(body.model) ?? '',
    container: null,
    diagnostics: null,
  };
}

export function stopFields(
  choice: JsonObject,
  seen: { refused: boolean; tools: boolean; refusal: string | null },
): JsonObject {
  const native = termOf(choice.native_finish_reason);
  const finish = termOf(choice.finish_reason);
  const reason = seen.refused ? 'refusal' : messagesStopReason(finish, native, seen.tools);
  const details = { type: 'refusal', category: null, explanation: seen.refusal };
  return {
    stop_reason: reason,
    stop_sequence: null,
    stop_details: reason === 'refusal' ? details : null,
  };
}

export function messagesUsage(body: JsonObject): JsonObject {
  return {
    ...usageToMessages(usageFromChat(body.usage)),
    inference_geo: null,
    service_tier: tierOf(body.service_tier),
    speed: null,
  };
}

const tierOf = (tier: Maybe): string | null =>
  tier === 'default' ? 'standard' : tier === 'priority' ? 'priority' : null;

function blockOf({ head, text }: WholePart): JsonObject {
  switch (head.kind) {
    case 'reasoning':
      return { type: 'thinking', thinking: text, signature: signatureOf(head.detail) };
    case 'encrypted':
      return { type: 'redacted_thinking', data: redactedData(head.detail) };
    case 'tool':
      return { ...toolUse(head), input: toolInput(text) };
    default:
      return { type: 'text', text, citations: null };
  }
}

/** A tool_use block whose input comes later. */
export function toolUse(head: { id: string; name: string }): JsonObject {
  return { type: 'tool_use', id: head.id, name: head.name, input: {}, caller: { type: 'direct' } };
}

/** Arguments as an object. What is no JSON object (an answer that was cut off) stays as text under `raw`. */
function toolInput(text: string): JsonObject {
  if (text.trim() === '') return {};
  const input = parseObject(text);
  return isObject(input) ? input : { raw: text };
}
