/**
 * A model that needs no key: it lets the first request work, and tools, structured answers, reasoning and cancelling be
 * tried. It says the same to the same request, repeats nothing of the prompt, and counts tokens as the estimate does.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrayOf, type Fields, objectOf } from '../../json/read.ts';
import { promptTokensOf } from '../accounting/estimate.ts';
import type { Json, JsonObject, LocalCall, LocalUpstream } from '../contract.ts';
import { promptBytesOf } from '../request/prompt-bytes.ts';
import { example } from './schema-example.ts';

export const SANDBOX = 'stateai/sandbox';
/** The same at about twenty tokens a second. */
export const SLOW_SANDBOX = 'stateai/sandbox-slow';

const TEXT =
  'This is the sandbox model of StateAI. It has no weights and knows nothing, but the request that you sent travelled ' +
  'the whole way: it was authenticated, routed, answered and counted, and it stands as one record in the report. Not a ' +
  'word of it was kept. Add a provider key, for example OPENAI_API_KEY, start again, and ask a real model.';
const THOUGHT = 'There is nothing to think about, so I shall say what I am.';

interface Answer {
  reasoning: string;
  text: string;
  calls: { id: string; name: string; arguments: string }[];
  finish: 'stop' | 'length' | 'tool_calls';
}

export const sandbox: LocalUpstream = {
  async generate(body, call) {
    const answer = answerTo(body);
    const pieces = piecesOf(answer);
    for (const piece of pieces) await pace(call, piece);
    const { reasoning, text, calls, finish } = answer;
    return {
      id: `sandbox-${randomUUID()}`,
      object: 'chat.completion',
      created: Math.floor(Date.now() / 1000),
      model: call.model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: calls.length > 0 ? null : text,
            ...(reasoning ? { reasoning } : {}),
            ...(calls.length > 0 ? { tool_calls: calls.map(toolCall) } : {}),
          },
          finish_reason: finish,
        },
      ],
      usage: usageOf(body, answer),
    };
  },

  async *stream(body, call) {
    const answer = answerTo(body);
    const id = `sandbox-${randomUUID()}`;
    const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
      id,
      object: 'chat.completion.chunk',
      created: Math.floor(Date.now() / 1000),
      model: call.model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
    yield chunk({ role: 'assistant', content: '' });
    for (const piece of piecesOf(answer)) {
      await pace(call, piece);
      yield chunk(piece);
    }
    yield chunk({}, answer.finish);
    yield { ...chunk({}), choices: [], usage: usageOf(body, answer) };
  },
};

const TOKEN_MS = 50;

async function pace({ model, signal }: LocalCall, _piece: JsonObject): Promise<void> {
  if (model === SLOW_SANDBOX) await sleep(TOKEN_MS, undefined, { signal });
  signal.throwIfAborted();
}

function piecesOf({ reasoning, text, calls }: Answer): JsonObject[] {
  const words = (whole: string) => whole.match(/\S+\s*/g) ?? [];
  return [
    ...words(reasoning).map((w) => ({ reasoning: w })),
    ...(calls.length > 0 ? [] : words(text).map((w) => ({ content: w }))),
    ...calls.flatMap((call, index) => [
      { tool_calls: [{ ...toolCall({ ...call, arguments: '' }), index }] },
      { tool_calls: [{ index, function: { arguments: call.arguments } }] },
    ]),
  ];
}

const toolCall = (call: Answer['calls'][number]): JsonObject => ({
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: call.arguments },
});

function answerTo(body: JsonObject): Answer {
  const calls = callsFor(body);
  const asks = objectOf(body.reasoning);
  const reasons =
    asks.enabled === true || typeof asks.effort === 'string' || typeof body.reasoning_effort === 'string';
  const format = objectOf(body.response_format);
  const schema = format.type === 'json_schema' ? objectOf(objectOf(format.json_schema).schema) : null;
  const full = schema
    ? JSON.stringify(example(schema))
    : format.type === 'json_object'
      ? '{"sandbox":true}'
      : TEXT;
  const stop = [body.stop].flat().filter((s) => typeof s === 'string' && s !== '');
  const ends = stop.map((s) => full.indexOf(String(s))).filter((at) => at >= 0);
  const text = ends.length > 0 ? full.slice(0, Math.min(...ends)) : full;
  const most = Number(body.max_completion_tokens ?? body.max_tokens ?? Number.POSITIVE_INFINITY) * 4;
  return {
    reasoning: reasons ? THOUGHT : '',
    text: text.slice(0, most),
    calls,
    finish: calls.length > 0 ? 'tool_calls' : text.length > most ? 'length' : 'stop',
  };
}

/** Tools are called where they must be, or where the user's last message names one; not after a tool's result. */
function callsFor(body: JsonObject): Answer['calls'] {
  const tools = arrayOf(body.tools).map((t) => objectOf(objectOf(t).function));
  const last = objectOf(arrayOf(body.messages).at(-1));
  if (tools.length === 0 || body.tool_choice === 'none' || last.role === 'tool') return [];
  const wanted = objectOf(objectOf(body.tool_choice).function).name;
  const said = textOf(last);
  const named = tools.filter((t) =>
    wanted === undefined ? typeof t.name === 'string' && said.includes(t.name) : t.name === wanted,
  );
  const chosen = named.length > 0 ? named : body.tool_choice === 'required' ? tools.slice(0, 1) : [];
  return chosen.map((tool, i) => ({
    id: `call_sandbox_${arrayOf(body.messages).length}_${i}`,
    name: String(tool.name),
    arguments: JSON.stringify(example(objectOf(tool.parameters))),
  }));
}

function textOf(message: Fields): string {
  if (typeof message.content === 'string') return message.content;
  return arrayOf(message.content)
    .map((part) => String(objectOf(part).text ?? ''))
    .join('\n');
}

function usageOf(body: JsonObject, { reasoning, text, calls }: Answer): JsonObject {
  const { messages = null, tools = null } = body;
  const prompt = promptTokensOf(
    promptBytesOf(Buffer.from(JSON.stringify([messages, tools] satisfies Json[]))),
  );
  const thought = Math.ceil(reasoning.length / 4);
  const said = calls.length > 0 ? JSON.stringify(calls) : text;
  const completion = thought + Math.ceil(said.length / 4);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: thought },
  };
}
