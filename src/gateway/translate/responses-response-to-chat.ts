/** A whole response as a chat completion. */
import { compact, given, numberOf, objectOf, objectsOf, stringOf } from '../../json/read.ts';
import { termOf } from '../../json/short-words.ts';
import type { JsonObject } from '../contract.ts';
import { chunkError, readUpstreamError } from './errors.ts';
import { reasoningFields } from './reasoning.ts';
import { detailsOfReasoningItem } from './reasoning-items.ts';
import { now } from './stream-events.ts';
import { usageFromResponses, usageToChat } from './usage.ts';

/** A response that failed becomes an answer with `error` and the finish reason `error`. */
export function responsesResponseToChat(body: JsonObject): JsonObject {
  const items = objectsOf(body.output);
  const parts = items.filter((i) => i.type === 'message').flatMap((i) => objectsOf(i.content));
  const texts = parts.flatMap((p) => (p.type === 'output_text' ? [stringOf(p.text) ?? ''] : []));
  const refusals = parts.flatMap((p) => (p.type === 'refusal' ? [stringOf(p.refusal) ?? ''] : []));
  const calls = items.flatMap(callOf);
  return compact({
    id: stringOf(body.id) ?? '',
    object: 'chat.completion',
    created: numberOf(body.created_at) ?? now(),
    model: stringOf(body.model) ?? '',
    system_fingerprint: null,
    service_tier: stringOf(body.service_tier) ?? undefined,
    error: given(body.error) ? chunkError(readUpstreamError(null, body)) : undefined,
    choices: [
      {
        index: 0,
        ...finishOf(body, calls.length > 0),
        logprobs: null,
        message: compact({
          role: 'assistant',
          content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
          refusal: refusals.length > 0 ? refusals.join('') : null,
          ...reasoningFields(detailsOf(items)),
          tool_calls: calls.length > 0 ? calls : undefined,
        }),
      },
    ],
    usage: usageToChat(usageFromResponses(body.usage)),
  });
}

/** Details of all reasoning items, with the place of each item as their index. */
function detailsOf(items: JsonObject[]): JsonObject[] {
  return items.flatMap((item, index) =>
    item.type === 'reasoning' ? detailsOfReasoningItem(item).map((d) => ({ ...d, index })) : [],
  );
}

function callOf(item: JsonObject): JsonObject[] {
  const id = stringOf(item.call_id) ?? '';
  const name = stringOf(item.name) ?? '';
  if (item.type === 'function_call')
    return [{ id, type: 'function', function: { name, arguments: stringOf(item.arguments) ?? '' } }];
  if (item.type === 'custom_tool_call')
    return [{ id, type: 'custom', custom: { name, input: stringOf(item.input) ?? '' } }];
  return [];
}

/** Why a response ended, from its status and `incomplete_details`. */
export function finishOf(
  response: JsonObject,
  tools: boolean,
): { finish_reason: string; native_finish_reason: string } {
  const status = termOf(response.status) ?? 'completed';
  const reason = termOf(objectOf(response.incomplete_details).reason);
  const native_finish_reason = reason ?? status;
  if (status === 'failed') return { finish_reason: 'error', native_finish_reason };
  if (reason === 'content_filter') return { finish_reason: 'content_filter', native_finish_reason };
  if (status === 'incomplete') return { finish_reason: 'length', native_finish_reason };
  return { finish_reason: tools ? 'tool_calls' : 'stop', native_finish_reason };
}
