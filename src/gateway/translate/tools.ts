/** Tools, the choice between them and structured answers: in chat and Messages, and what chat and Responses share. */
import { compact, given, isObject, type Maybe, objectOf, objectsOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import { badRequest, requireObjects, requireString } from './refusals.ts';

/** @throws `bad_request` for a tool that is no function */
function toolsToMessages(tools: Maybe): JsonObject[] {
  if (!given(tools)) return [];
  return requireObjects(tools, 'tools').map((tool, i) => {
    if (tool.type !== 'function')
      throw badRequest(`tools[${i}].type`, 'must be "function": this model has no other kind of tool');
    const fn = objectOf(tool.function);
    const parameters = objectOf(fn.parameters);
    return compact({
      name: requireString(fn.name, `tools[${i}].function.name`),
      description: stringOf(fn.description) ?? undefined,
      input_schema:
        Object.keys(parameters).length > 0
          ? { type: 'object', ...parameters }
          : { type: 'object', properties: {} },
      strict: fn.strict === true ? true : undefined,
      cache_control: tool.cache_control ?? undefined,
    });
  });
}

/** @throws `bad_request` for a tool that Anthropic runs or defines itself */
function toolsToChat(tools: Maybe): JsonObject[] {
  if (!given(tools)) return [];
  return requireObjects(tools, 'tools').map((tool, i) => {
    if (given(tool.type) && tool.type !== 'custom')
      throw badRequest(`tools[${i}].type`, 'must be "custom": this model has none of Anthropic’s own tools');
    return compact({
      type: 'function',
      function: compact({
        name: requireString(tool.name, `tools[${i}].name`),
        description: stringOf(tool.description) ?? undefined,
        parameters: isObject(tool.input_schema) ? tool.input_schema : undefined,
        strict: tool.strict === true ? true : undefined,
      }),
      cache_control: tool.cache_control ?? undefined,
    });
  });
}

/**
 * `tools` and `tool_choice` of a chat request as those of messages; `parallel_tool_calls: false` goes into the choice.
 * @throws `bad_request` for a choice without a counterpart
 */
export function toolFieldsToMessages(body: JsonObject): JsonObject {
  let tools = toolsToMessages(body.tools);
  if (tools.length === 0) return {};
  let choice = body.tool_choice;
  if (isObject(choice) && choice.type === 'allowed_tools') {
    const allowed = objectOf(choice.allowed_tools);
    const names = new Set(objectsOf(allowed.tools).map((t) => objectOf(t.function).name ?? t.name));
    tools = tools.filter((tool) => names.has(tool.name as string));
    choice = allowed.mode ?? 'auto';
  }
  return compact({ tools, tool_choice: choiceToMessages(choice, body.parallel_tool_calls === false) });
}

function choiceToMessages(choice: Maybe, single: boolean): JsonObject | undefined {
  const flag: JsonObject = single ? { disable_parallel_tool_use: true } : {};
  if (!given(choice)) return single ? { type: 'auto', ...flag } : undefined;
  if (choice === 'auto') return { type: 'auto', ...flag };
  if (choice === 'none') return { type: 'none' };
  if (choice === 'required') return { type: 'any', ...flag };
  if (isObject(choice) && choice.type === 'function')
    return {
      type: 'tool',
      name: requireString(objectOf(choice.function).name, 'tool_choice.function.name'),
      ...flag,
    };
  throw badRequest('tool_choice', 'must be auto, none, required, allowed_tools or a function');
}

/** `tools`, `tool_choice` and `parallel_tool_calls` of a request of the messages dialect as those of chat. */
export function toolFieldsToChat(body: JsonObject): JsonObject {
  const tools = toolsToChat(body.tools);
  if (tools.length === 0) return {};
  const choice = objectOf(body.tool_choice);
  return compact({
    tools,
    tool_choice: choiceToChat(choice),
    parallel_tool_calls: choice.disable_parallel_tool_use === true ? false : undefined,
  });
}

function choiceToChat(choice: JsonObject): Maybe {
  if (choice.type === undefined) return undefined;
  if (choice.type === 'auto' || choice.type === 'none') return choice.type;
  if (choice.type === 'any') return 'required';
  if (choice.type === 'tool')
    return { type: 'function', function: { name: requireString(choice.name, 'tool_choice.name') } };
  throw badRequest('tool_choice.type', 'must be auto, any, tool or none');
}

/** Ids of tool calls as Anthropic takes them: letters, digits, `_` and `-`. The same id always becomes the same. */
export const toolUseId = (id: string): string => id.replace(/[^\w-]/g, '_') || '_';

/** `tools` and what belongs to them, between chat and Responses. Nothing where there are no tools. */
export function toolFields(
  body: JsonObject,
  tool: (tool: JsonObject, i: number) => JsonObject,
  choice: (choice: Maybe) => Maybe,
): JsonObject {
  const tools = given(body.tools) ? requireObjects(body.tools, 'tools').map(tool) : [];
  if (tools.length === 0) return {};
  return compact({
    tools,
    tool_choice: choice(body.tool_choice),
    parallel_tool_calls: typeof body.parallel_tool_calls === 'boolean' ? body.parallel_tool_calls : undefined,
  });
}

/**
 * `tool_choice`, between chat and Responses.
 * @param named one tool, in the other dialect
 * @param allowed a choice of `allowed_tools`, in the other dialect
 * @throws `bad_request`
 */
export function toolChoice(
  choice: Maybe,
  named: (tool: JsonObject) => JsonObject,
  allowed: (choice: JsonObject) => JsonObject,
): Maybe {
  if (!given(choice)) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  if (isObject(choice)) {
    if (choice.type === 'function' || choice.type === 'custom') return named(choice);
    if (choice.type === 'allowed_tools') return { type: 'allowed_tools', ...allowed(choice) };
  }
  throw badRequest('tool_choice', 'must be auto, none, required, allowed_tools, a function or a custom tool');
}

/** The schema of a structured answer, with its name. */
export const namedSchema = (given: JsonObject): JsonObject =>
  compact({
    name: stringOf(given.name) ?? 'output',
    description: stringOf(given.description) ?? undefined,
    schema: given.schema,
    strict: typeof given.strict === 'boolean' ? given.strict : undefined,
  });
