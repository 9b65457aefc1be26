/** A chat request for upstreams that know OpenAI's own fields and refuse any other. */
import { given, isObject, objectsOf, stringOf } from '../../json/read.ts';
import type { Json, JsonObject } from '../contract.ts';
import { chatContent } from './content-parts.ts';
import { wishOfChat } from './reasoning-effort.ts';

/**
 * The body without OpenRouter's additions: cache marks, reasoning details, `is_error`; `reasoning` becomes
 * `reasoning_effort`.
 * @param keepReasoning earlier reasoning goes back as `reasoning_content`, as DeepSeek, Moonshot and others want it
 */
export function plainChatRequest(body: JsonObject, { keepReasoning = false } = {}): JsonObject {
  const { reasoning, cache_control: _mark, include_reasoning: _include, ...rest } = body;
  const wish = given(reasoning) ? wishOfChat(body) : null;
  const effort = wish?.enabled ? (wish.effort ?? 'medium') : null;
  return {
    ...rest,
    ...(effort === null || given(body.reasoning_effort) ? {} : { reasoning_effort: effort }),
    ...(Array.isArray(body.messages)
      ? { messages: body.messages.map((m) => plainMessage(m, keepReasoning)) }
      : {}),
    ...(Array.isArray(body.tools) ? { tools: body.tools.map(withoutMark) } : {}),
  };
}

function plainMessage(message: Json, keepReasoning: boolean): Json {
  if (!isObject(message)) return message;
  const { reasoning, reasoning_details: _details, is_error: _error, ...rest } = message;
  const thought = stringOf(reasoning) ?? stringOf(message.reasoning_content);
  const { reasoning_content: _own, ...plain } = rest;
  return {
    ...(withoutMark(plain) as JsonObject),
    ...(Array.isArray(plain.content)
      ? { content: chatContent(objectsOf(plain.content).map((part) => withoutMark(part) as JsonObject)) }
      : {}),
    ...(Array.isArray(plain.tool_calls) ? { tool_calls: plain.tool_calls.map(withoutMark) } : {}),
    ...(keepReasoning && thought ? { reasoning_content: thought } : {}),
  };
}

function withoutMark(value: Json): Json {
  if (!isObject(value) || !('cache_control' in value)) return value;
  const { cache_control: _mark, ...rest } = value;
  return rest;
}
