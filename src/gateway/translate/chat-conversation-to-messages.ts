/** The messages of a chat request as system prompt and turns of Anthropic's messages. */
import {
  compact,
  given,
  type Maybe,
  numberOf,
  objectOf,
  objectsOf,
  parseObject,
  stringOf,
} from '../../json/read.ts';
import type { Json, JsonObject } from '../contract.ts';
import type { ClaudeLimits } from './claude-models.ts';
import { blocksOfChatContent } from './content-parts.ts';
import { blockForUpstream, detailsOfMessage, interleave } from './reasoning.ts';
import { badRequest, requireObjects, requireString } from './refusals.ts';
import { toolUseId } from './tools.ts';

interface Turn {
  role: 'user' | 'assistant' | 'system';
  content: JsonObject[];
}

/**
 * Leading system and developer messages become `system`; later ones stay in their place where the model takes that, and
 * join `system` where it does not. Tool results that follow each other become one user turn, together with what the
 * user says next. Messages without content are left out.
 * @throws `bad_request` naming the message
 */
export function chatConversation(messages: Maybe, limits: ClaudeLimits): JsonObject {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [i, message] of requireObjects(messages, 'messages').entries()) {
    const field = `messages[${i}]`;
    switch (message.role) {
      case 'system':
      case 'developer': {
        const blocks = blocksOfChatContent(message.content, `${field}.content`);
        const inPlace = limits.systemTurns && turns.at(-1)?.role === 'user';
        if (inPlace) addTurn(turns, 'system', blocks);
        else system.push(...blocks);
        break;
      }
      case 'user':
        addTurn(turns, 'user', blocksOfChatContent(message.content, `${field}.content`));
        break;
      case 'assistant':
        addTurn(turns, 'assistant', assistantBlocks(message, field, limits.signed));
        break;
      case 'tool':
        addTurn(turns, 'user', [toolResult(message, field)]);
        break;
      default:
        throw badRequest(`${field}.role`, 'must be system, developer, user, assistant or tool');
    }
  }
  if (turns.length === 0) throw badRequest('messages', 'must hold a message of the user or the assistant');
  return compact({ system: systemPrompt(system), messages: turns as unknown as Json });
}

function addTurn(turns: Turn[], role: Turn['role'], content: JsonObject[]): void {
  if (content.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...content);
  else turns.push({ role, content });
}

function systemPrompt(blocks: JsonObject[]): Json | undefined {
  if (blocks.length === 0) return undefined;
  return blocks.length === 1 && blocks[0]?.cache_control === undefined ? (blocks[0]?.text ?? '') : blocks;
}

function assistantBlocks(message: JsonObject, field: string, signed: boolean): JsonObject[] {
  if (given(message.audio)) throw badRequest(`${field}.audio`, 'has no counterpart for this model');
  if (given(message.function_call)) throw badRequest(`${field}.function_call`, 'is outdated: use tool_calls');
  const text = blocksOfChatContent(message.content, `${field}.content`);
  const refusal = stringOf(message.refusal);
  if (refusal && text.length === 0) text.push({ type: 'text', text: refusal });
  const calls = given(message.tool_calls) ? requireObjects(message.tool_calls, `${field}.tool_calls`) : [];
  const uses = calls.map((call, i) => toolUse(call, `${field}.tool_calls[${i}]`));
  const thinking = detailsOfMessage(message).flatMap((detail) => {
    const block = blockForUpstream(detail, signed);
    return block === null ? [] : [{ block, index: numberOf(detail.index) }];
  });
  return interleave(thinking, [...text, ...uses]);
}

function toolUse(call: JsonObject, field: string): JsonObject {
  if (given(call.type) && call.type !== 'function')
    throw badRequest(`${field}.type`, 'must be "function" for this model');
  const fn = objectOf(call.function);
  const text = stringOf(fn.arguments) ?? '';
  // A model may have been cut off in them; the conversation goes on all the same.
  const input = text.trim() === '' ? {} : (parseObject(text) ?? { raw: text });
  return compact({
    type: 'tool_use',
    id: toolUseId(requireString(call.id, `${field}.id`)),
    name: requireString(fn.name, `${field}.function.name`),
    input,
    cache_control: call.cache_control ?? undefined,
  });
}

function toolResult(message: JsonObject, field: string): JsonObject {
  const blocks = blocksOfChatContent(message.content, `${field}.content`);
  const plain = typeof message.content === 'string';
  const mark = message.cache_control ?? (plain ? undefined : lastMark(message.content));
  return compact({
    type: 'tool_result',
    tool_use_id: toolUseId(requireString(message.tool_call_id, `${field}.tool_call_id`)),
    content: plain ? message.content : blocks.length > 0 ? blocks.map(withoutMark) : undefined,
    is_error: message.is_error === true ? true : undefined,
    cache_control: mark ?? undefined,
  });
}

/** A cache mark inside a tool's result belongs on the result itself. */
const lastMark = (content: Maybe): Maybe =>
  objectsOf(content).findLast((p) => given(p.cache_control))?.cache_control;

function withoutMark(block: JsonObject): JsonObject {
  const { cache_control: _mark, ...rest } = block;
  return rest;
}
