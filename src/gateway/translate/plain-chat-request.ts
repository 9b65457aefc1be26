/** A chat request for upstreams that know OpenAI's own fields and refuse any other. */
import { given, isObject, numberOf, objectOf, objectsOf, stringOf } from '../../json/read.ts';
import type { Json, JsonObject } from '../contract.ts';
import { chatContent, RESULT_FOLLOWS } from './content-parts.ts';
import { effortOfBudget, wishOfChat } from './reasoning-effort.ts';

/**
 * The body without OpenRouter's additions: cache marks, reasoning details, `is_error`; `reasoning` becomes
 * `reasoning_effort`.
 * @param toolsInText pictures in a tool's answer become the user's: few upstreams take them where they were
 * @param keepReasoning earlier reasoning goes back as `reasoning_content`, as DeepSeek, Moonshot and others want it
 */
export function plainChatRequest(
  body: JsonObject,
  { keepReasoning = false, toolsInText = false } = {},
): JsonObject {
  const messagesOf = toolsInText ? textOfTools : (messages: Json[]) => messages;
  const { reasoning, cache_control: _mark, include_reasoning: _include, ...rest } = body;
  const wish = given(reasoning) ? wishOfChat(body) : null;
  const most = numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens);
  const ofBudget = wish?.budget ? effortOfBudget(wish.budget, most ?? wish.budget * 2) : null;
  const effort = wish?.enabled ? (wish.effort ?? ofBudget ?? 'medium') : null;
  return {
    ...rest,
    ...(effort === null || given(body.reasoning_effort) ? {} : { reasoning_effort: effort }),
    ...(Array.isArray(body.messages)
      ? { messages: messagesOf(body.messages.map((m) => plainMessage(m, keepReasoning))) }
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

/** Tools answer in text here; the pictures and files of their answers follow as the user's, behind all of them. */
function textOfTools(messages: Json[]): Json[] {
  const out: Json[] = [];
  let files: JsonObject[] = [];
  const giveFiles = () => {
    if (files.length > 0) out.push({ role: 'user', content: files });
    files = [];
  };
  for (const message of messages) {
    const parts = isObject(message) && message.role === 'tool' ? objectsOf(message.content) : [];
    if (!isObject(message) || message.role !== 'tool') giveFiles();
    const others = parts.filter((p) => p.type !== 'text');
    if (others.length === 0) {
      out.push(message);
      continue;
    }
    files.push(...others);
    const texts = parts.filter((p) => p.type === 'text');
    out.push({ ...objectOf(message), content: texts.length > 0 ? chatContent(texts) : RESULT_FOLLOWS });
  }
  giveFiles();
  return out;
}

function withoutMark(value: Json): Json {
  if (!isObject(value) || !('cache_control' in value)) return value;
  const { cache_control: _mark, ...rest } = value;
  return rest;
}
