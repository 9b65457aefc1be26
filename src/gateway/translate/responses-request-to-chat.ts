/** A request of OpenAI's responses as a chat request. */
import {
  compact,
  given,
  isObject,
  type Maybe,
  numberOf,
  objectOf,
  objectsOf,
  stringOf,
} from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { maxTokens } from './messages-request-to-chat.ts';
import { badRequest, refuseFields, requireString } from './refusals.ts';
import { responsesConversation } from './responses-input-to-chat.ts';
import { namedSchema, toolChoice, toolFields } from './tools.ts';

/** Fields that need a store of earlier answers, or would change the answer otherwise. */
const REFUSED = [
  'background',
  'context_management',
  'conversation',
  'moderation',
  'plugins',
  'previous_response_id',
  'prompt',
] as const;

/** @throws `bad_request` naming the field that has no counterpart */
export function responsesRequestToChat(
  body: JsonObject,
  options: { model: string; stream: boolean },
): JsonObject {
  refuseFields(body, REFUSED, 'for this model');
  if ((numberOf(body.top_logprobs) ?? 0) > 0)
    throw badRequest('top_logprobs', 'has no counterpart for this model');
  const text = objectOf(body.text);
  return compact({
    model: options.model,
    messages: responsesConversation(body),
    ...maxTokens(body.max_output_tokens, options.model),
    ...toolFields(body, chatTool, chatChoice),
    temperature: numberOf(body.temperature) ?? undefined,
    top_p: numberOf(body.top_p) ?? undefined,
    ...reasoningWish(objectOf(body.reasoning)),
    response_format: responseFormat(text.format),
    verbosity: stringOf(text.verbosity) ?? undefined,
    user: stringOf(body.user) ?? stringOf(body.safety_identifier) ?? undefined,
    service_tier: stringOf(body.service_tier) ?? undefined,
    ...(options.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

/** Plain upstreams know an effort alone; the rest of OpenRouter's `reasoning` goes along only where it was asked for. */
function reasoningWish(reasoning: JsonObject): JsonObject {
  const effort = stringOf(reasoning.effort) ?? (reasoning.enabled === true ? 'medium' : undefined);
  const more = given(reasoning.max_tokens) || reasoning.exclude === true || reasoning.enabled === false;
  if (!more) return compact({ reasoning_effort: effort });
  const { summary: _summary, generate_summary: _generate, ...rest } = reasoning;
  return { reasoning: rest };
}

function responseFormat(value: Maybe): JsonObject | undefined {
  if (!isObject(value) || value.type === 'text') return undefined;
  if (value.type === 'json_object') return { type: 'json_object' };
  if (value.type !== 'json_schema' || !isObject(value.schema))
    throw badRequest('text.format', 'must be text, json_object or a json_schema with a schema');
  return {
    type: 'json_schema',
    json_schema: namedSchema(value),
  };
}

function chatTool(tool: JsonObject, i: number): JsonObject {
  const name = () => requireString(tool.name, `tools[${i}].name`);
  const description = stringOf(tool.description) ?? undefined;
  if (tool.type === 'function')
    return compact({
      type: 'function',
      function: compact({
        name: name(),
        description,
        parameters: isObject(tool.parameters) ? tool.parameters : undefined,
        strict: typeof tool.strict === 'boolean' ? tool.strict : undefined,
      }),
      cache_control: tool.cache_control ?? undefined,
    });
  if (tool.type === 'custom')
    return {
      type: 'custom',
      custom: compact({ name: name(), description, format: customFormat(tool.format) }),
    };
  throw badRequest(`tools[${i}].type`, 'must be "function" or "custom" for this model');
}

function customFormat(value: Maybe): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  if (value.type !== 'grammar') return value;
  return { type: 'grammar', grammar: { definition: value.definition ?? '', syntax: value.syntax ?? 'lark' } };
}

function chatChoice(choice: Maybe): Maybe {
  const named = (tool: JsonObject): JsonObject =>
    tool.type === 'custom'
      ? { type: 'custom', custom: { name: tool.name ?? '' } }
      : { type: 'function', function: { name: tool.name ?? '' } };
  return toolChoice(choice, named, ({ mode, tools }) => ({
    allowed_tools: { mode: mode ?? 'auto', tools: objectsOf(tools).map(named) },
  }));
}
