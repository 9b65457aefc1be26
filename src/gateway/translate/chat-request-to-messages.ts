/** A chat request as a request of Anthropic's messages. */
import {
  arrayOf,
  compact,
  given,
  isObject,
  type Maybe,
  numberOf,
  objectOf,
  stringOf,
} from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { chatConversation } from './chat-conversation-to-messages.ts';
import { type ClaudeLimits, claudeLimits } from './claude-models.ts';
import { thinkingOf, type Wish, wishOfChat } from './reasoning-effort.ts';
import { badRequest, requireString } from './refusals.ts';
import { refuseUnanswerable } from './refuse-unanswerable.ts';
import { toolFieldsToMessages } from './tools.ts';

/**
 * Settings that only tune sampling and are unknown here (penalties, `seed`, `min_p`, `top_a`) are left out, as are
 * those that models of this dialect refuse; whatever would change the form or meaning of the answer is refused.
 * @throws `bad_request` naming the field
 */
export function chatRequestToMessages(
  body: JsonObject,
  options: { model: string; stream: boolean },
): JsonObject {
  refuseUnanswerable(body);
  if (arrayOf(body.modalities).some((m) => m !== 'text'))
    throw badRequest('modalities', 'must be ["text"] for this model');
  const limits = claudeLimits(options.model);
  const wish = wishOfChat(body);
  const maxTokens = maxTokensOf(body, limits, wish);
  const tools = toolFieldsToMessages(body);
  // A tool that must be called goes before thinking: both at once are refused.
  const isForced = ['any', 'tool'].includes(String(objectOf(tools.tool_choice).type));
  const { thinking: wanted, effort } = thinkingOf(wish, limits, maxTokens);
  const thinking = isForced && !limits.alwaysThinks ? undefined : wanted;
  const format = outputFormat(body.response_format);
  const user = stringOf(body.user) ?? stringOf(body.safety_identifier);
  return compact({
    model: options.model,
    max_tokens: maxTokens,
    ...chatConversation(body.messages, limits),
    ...tools,
    stop_sequences: stopSequences(body.stop),
    ...sampling(body, limits, thinking !== undefined && thinking.type !== 'disabled'),
    thinking,
    output_config: effort === undefined && format === undefined ? undefined : compact({ effort, format }),
    metadata: user === null || user.length > LONGEST_USER ? undefined : { user_id: user },
    service_tier: serviceTier(body.service_tier),
    cache_control: body.cache_control ?? undefined,
    stream: options.stream ? true : undefined,
  });
}

/** Anthropic takes no longer one. */
const LONGEST_USER = 256;

function maxTokensOf(body: JsonObject, limits: ClaudeLimits, wish: Wish): number {
  const field = given(body.max_completion_tokens) ? 'max_completion_tokens' : 'max_tokens';
  if (!given(body[field]))
    return wish.budget !== null && wish.budget >= limits.maxTokens
      ? wish.budget + limits.maxTokens
      : limits.maxTokens;
  const most = numberOf(body[field]);
  if (most === null || !Number.isInteger(most) || most < 1)
    throw badRequest(field, 'must be a whole number of at least 1');
  return most;
}

function outputFormat(value: Maybe): JsonObject | undefined {
  if (!given(value)) return undefined;
  const format = objectOf(value);
  if (format.type === 'text') return undefined;
  if (format.type !== 'json_schema')
    throw badRequest('response_format.type', 'must be text or json_schema for this model');
  const schema = objectOf(format.json_schema).schema;
  if (!isObject(schema)) throw badRequest('response_format.json_schema.schema', 'must be an object');
  return { type: 'json_schema', schema };
}

function stopSequences(value: Maybe): string[] | undefined {
  if (!given(value)) return undefined;
  const list = (Array.isArray(value) ? value : [value]).map((s, i) =>
    requireString(s, Array.isArray(value) ? `stop[${i}]` : 'stop'),
  );
  return list.length > 0 ? list : undefined;
}

/** Thinking allows no temperature and no top_k, and a top_p of 0.95 at least; Claude wants one of the two at most. */
function sampling(body: JsonObject, limits: ClaudeLimits, thinks: boolean): JsonObject {
  if (!limits.sampling) return {};
  const temperature = numberOf(body.temperature);
  const topP = numberOf(body.top_p);
  if (thinks && limits.signed) return topP === null ? {} : { top_p: Math.min(1, Math.max(0.95, topP)) };
  const both = temperature !== null && topP !== null && limits.signed;
  return compact({
    temperature: temperature === null ? undefined : Math.min(1, Math.max(0, temperature)),
    top_p: topP === null || both ? undefined : topP,
    top_k: (numberOf(body.top_k) ?? 0) > 0 ? body.top_k : undefined,
  });
}

function serviceTier(value: Maybe): string | undefined {
  if (value === 'auto' || value === 'priority') return 'auto';
  return value === 'default' ? 'standard_only' : undefined;
}
