/** A chat request as the call options of an AI SDK model. */
import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ToolChoice,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { arrayOf, given, isObject, type Maybe, numberOf, objectOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { type Wish, wishOfChat } from '../translate/reasoning-effort.ts';
import { badRequest, requireString } from '../translate/refusals.ts';
import { refuseUnanswerable } from '../translate/refuse-unanswerable.ts';
import { toolFieldsToMessages } from '../translate/tools.ts';
import { chatPrompt, type PromptContext } from './ai-sdk-prompt.ts';

/** Options of one provider that no common setting covers. */
export type OwnOptions = (wish: Wish, body: JsonObject) => SharedV4ProviderOptions;

/** @throws `bad_request` naming the field that has no counterpart */
export function callOptions(
  body: JsonObject,
  context: PromptContext,
  own: OwnOptions,
): LanguageModelV4CallOptions {
  refuseUnanswerable(body);
  const wish = wishOfChat(body);
  const stop = typeof body.stop === 'string' ? [body.stop] : arrayOf(body.stop).map(String);
  const { tools, toolChoice } = toolOptions(body);
  const effort = wish.enabled === false ? 'none' : (wish.effort ?? (wish.enabled ? 'medium' : undefined));
  return {
    prompt: chatPrompt(body.messages, context),
    ...setting('maxOutputTokens', numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens)),
    ...setting('temperature', numberOf(body.temperature)),
    ...setting('topP', numberOf(body.top_p)),
    ...setting('topK', numberOf(body.top_k)),
    ...setting('presencePenalty', numberOf(body.presence_penalty)),
    ...setting('frequencyPenalty', numberOf(body.frequency_penalty)),
    ...setting('seed', numberOf(body.seed)),
    ...setting('stopSequences', stop.length > 0 ? stop : null),
    ...setting('responseFormat', responseFormat(body.response_format)),
    ...setting('tools', tools),
    ...setting('toolChoice', toolChoice),
    ...setting(
      'reasoning',
      wish.budget === null ? (effort as LanguageModelV4CallOptions['reasoning']) : null,
    ),
    providerOptions: own(wish, body),
  };
}

function setting<K extends keyof LanguageModelV4CallOptions>(
  key: K,
  value: LanguageModelV4CallOptions[K] | null,
): Partial<LanguageModelV4CallOptions> {
  return value === null || value === undefined ? {} : { [key]: value };
}

function responseFormat(value: Maybe): LanguageModelV4CallOptions['responseFormat'] | null {
  const format = objectOf(value);
  if (!given(value) || format.type === 'text') return null;
  if (format.type === 'json_object') return { type: 'json' };
  const named = objectOf(format.json_schema);
  if (format.type !== 'json_schema' || !isObject(named.schema))
    throw badRequest('response_format', 'must be text, json_object or a json_schema with a schema');
  return {
    type: 'json',
    schema: named.schema as JSONSchema7,
    ...(stringOf(named.name) ? { name: named.name as string } : {}),
    ...(stringOf(named.description) ? { description: named.description as string } : {}),
  };
}

/** Tools and choice, by way of the messages dialect, which says the same with fewer forms. */
function toolOptions(body: JsonObject): {
  tools: LanguageModelV4FunctionTool[] | null;
  toolChoice: LanguageModelV4ToolChoice | null;
} {
  const fields = toolFieldsToMessages(body);
  const tools = arrayOf(fields.tools).map((given): LanguageModelV4FunctionTool => {
    const tool = objectOf(given);
    const description = stringOf(tool.description);
    return {
      type: 'function',
      name: requireString(tool.name, 'tools'),
      ...(description === null ? {} : { description }),
      inputSchema: tool.input_schema as JSONSchema7,
      ...(tool.strict === true ? { strict: true } : {}),
    };
  });
  if (tools.length === 0) return { tools: null, toolChoice: null };
  return { tools, toolChoice: choiceOf(objectOf(fields.tool_choice)) };
}

function choiceOf(choice: JsonObject): LanguageModelV4ToolChoice | null {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'tool', toolName: String(choice.name) };
    default:
      return null;
  }
}
