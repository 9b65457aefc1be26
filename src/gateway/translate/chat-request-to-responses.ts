/** A chat request as a request of OpenAI's responses. */
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
import type { Json, JsonObject } from '../contract.ts';
import { responsesInput } from './chat-conversation-to-responses.ts';
import { effortOfBudget, wishOfChat } from './reasoning-effort.ts';
import { badRequest, refuseFields, requireString } from './refusals.ts';
import { refuseUnanswerable } from './refuse-unanswerable.ts';
import { namedSchema, toolChoice, toolFields } from './tools.ts';

/** Models that think: they alone give encrypted reasoning. */
const thinks = (model: string): boolean => /(^|\/)(o\d|gpt-[5-9])/i.test(model);

/**
 * Nothing is stored at the upstream; reasoning comes encrypted instead, so that a client can send it back.
 * @throws `bad_request` naming the field that has no counterpart
 */
export function chatRequestToResponses(
  body: JsonObject,
  options: { model: string; stream: boolean },
): JsonObject {
  refuseUnanswerable(body);
  refuseFields(body, ['stop'], 'for this model');
  const most = numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens);
  const text = compact({
    format: textFormat(body.response_format),
    verbosity: stringOf(body.verbosity) ?? undefined,
  });
  return compact({
    model: options.model,
    input: responsesInput(body.messages) as Json,
    max_output_tokens: most ?? undefined,
    ...toolFields(body, responsesTool, responsesChoice),
    temperature: numberOf(body.temperature) ?? undefined,
    top_p: numberOf(body.top_p) ?? undefined,
    reasoning: reasoningOf(body, most),
    text: Object.keys(text).length > 0 ? text : undefined,
    user: stringOf(body.user) ?? undefined,
    safety_identifier: stringOf(body.safety_identifier) ?? undefined,
    prompt_cache_key: stringOf(body.prompt_cache_key) ?? undefined,
    service_tier: stringOf(body.service_tier) ?? undefined,
    store: false,
    include: thinks(options.model) ? ['reasoning.encrypted_content'] : undefined,
    stream: options.stream ? true : undefined,
  });
}

/** A summary is asked for only by clients that ask for reasoning itself: not every account may have one. */
function reasoningOf(body: JsonObject, most: number | null): JsonObject | undefined {
  const wish = wishOfChat(body);
  if (wish.enabled === null) return undefined;
  if (!wish.enabled) return { effort: 'none' };
  const ofBudget = wish.budget === null ? null : effortOfBudget(wish.budget, most ?? wish.budget * 2);
  return compact({
    effort: wish.effort ?? ofBudget ?? 'medium',
    summary: isObject(body.reasoning) && !wish.hidden ? 'auto' : undefined,
  });
}

function textFormat(value: Maybe): JsonObject | undefined {
  const format = objectOf(value);
  if (!given(value) || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json_object' };
  const named = objectOf(format.json_schema);
  if (format.type !== 'json_schema' || !isObject(named.schema))
    throw badRequest('response_format', 'must be text, json_object or a json_schema with a schema');
  return { type: 'json_schema', ...namedSchema(named) };
}

function responsesTool(tool: JsonObject, i: number): JsonObject {
  if (tool.type === 'function') {
    const fn = objectOf(tool.function);
    return compact({
      type: 'function',
      name: requireString(fn.name, `tools[${i}].function.name`),
      description: stringOf(fn.description) ?? undefined,
      parameters: isObject(fn.parameters) ? fn.parameters : { type: 'object', properties: {} },
      // Responses would be strict where chat is not.
      strict: fn.strict === true,
    });
  }
  if (tool.type !== 'custom')
    throw badRequest(`tools[${i}].type`, 'must be "function" or "custom" for this model');
  const custom = objectOf(tool.custom);
  const format = objectOf(custom.format);
  const grammar = objectOf(format.grammar);
  return compact({
    type: 'custom',
    name: requireString(custom.name, `tools[${i}].custom.name`),
    description: stringOf(custom.description) ?? undefined,
    format: format.type === 'grammar' ? { type: 'grammar', ...grammar } : (custom.format ?? undefined),
  });
}

function responsesChoice(choice: Maybe): Maybe {
  const named = (tool: JsonObject): JsonObject => ({
    type: tool.type === 'custom' ? 'custom' : 'function',
    name: objectOf(tool.function ?? tool.custom).name ?? '',
  });
  return toolChoice(choice, named, ({ allowed_tools }) => {
    const allowed = objectOf(allowed_tools);
    return { mode: allowed.mode ?? 'auto', tools: objectsOf(allowed.tools).map(named) };
  });
}
