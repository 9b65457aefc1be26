/** Answers in chat completions and completions, completed to what the contract says; what they hold besides stays. */
import { normaliseFinishReason } from '../../generation/finish-reason.ts';
import { arrayOf, type Fields, objectOf } from '../../json/read.ts';
import type { Outcome } from '../accounting/cost.ts';
import type { Json, JsonObject } from '../contract.ts';

export interface AnswerFacts {
  id: string;
  model: string;
  provider: string;
  /** The client asked not to see the reasoning. */
  hideReasoning: boolean;
}

/** A whole answer. */
export function chatAnswer(body: JsonObject, facts: AnswerFacts, usage: Outcome): JsonObject {
  const isChat = body.object !== 'text_completion';
  const { usage: given, ...rest } = body;
  return {
    system_fingerprint: null,
    ...rest,
    id: facts.id,
    ...(isChat ? { object: 'chat.completion' } : {}),
    created: createdOf(body),
    provider: facts.provider,
    model: facts.model,
    choices: arrayOf(body.choices).map((choice, i) => chatChoice(objectOf(choice), i, 'message', facts)),
    usage: contractUsage(usage, objectOf(given)),
  };
}

/**
 * A chunk of a stream without its usage, which comes at the end; null where nothing is left of it.
 * @param toolIndex for the pieces of the tool calls of this stream
 */
export function chatChunk(
  chunk: Fields,
  facts: AnswerFacts,
  toolIndex: (piece: JsonObject) => number,
): JsonObject | null {
  const choices = arrayOf(chunk.choices);
  if (choices.length === 0 && !chunk.error) return null;
  const { usage: _later, system_fingerprint, x_groq: _own, ...rest } = chunk;
  return {
    ...(rest as JsonObject),
    id: facts.id,
    object: chunk.object === 'text_completion' ? 'text_completion' : 'chat.completion.chunk',
    created: createdOf(chunk),
    provider: facts.provider,
    model: facts.model,
    ...(typeof system_fingerprint === 'string' ? { system_fingerprint } : {}),
    choices: choices.map((choice, i) => chatChoice(objectOf(choice), i, 'delta', facts, toolIndex)),
  };
}

/**
 * The last chunk: usage alone.
 * @param given the upstream's own, where it sent one in chat
 */
export function usageChunk(
  object: string,
  created: number,
  { id, model, provider }: AnswerFacts,
  usage: Outcome,
  given: Fields,
): JsonObject {
  return { id, object, created, model, provider, choices: [], usage: contractUsage(usage, given) };
}

const createdOf = (body: Fields): number =>
  typeof body.created === 'number' ? body.created : Math.floor(Date.now() / 1000);

function chatChoice(
  choice: Fields,
  position: number,
  member: 'message' | 'delta',
  facts: AnswerFacts,
  toolIndex?: (piece: JsonObject) => number,
): JsonObject {
  const native = choice.native_finish_reason ?? choice.finish_reason ?? null;
  // What was said in chat's words goes first: an upstream's own may be less, as Responses' `completed` is of a tool call.
  const reason = [choice.finish_reason, native].map(reasonOf).find((r) => r !== null) ?? null;
  const said = choice[member];
  return {
    ...(choice as JsonObject),
    index: typeof choice.index === 'number' ? choice.index : position,
    ...(said === undefined ? {} : { [member]: chatMessage(objectOf(said), facts, toolIndex) }),
    finish_reason: reason ?? (typeof native === 'string' ? 'stop' : null),
    native_finish_reason: native as Json,
    ...(choice.logprobs === undefined ? { logprobs: null } : {}),
  };
}

const reasonOf = (word: unknown): string | null =>
  typeof word === 'string' ? normaliseFinishReason(word) : null;

function chatMessage(
  message: Fields,
  { hideReasoning }: AnswerFacts,
  toolIndex?: (piece: JsonObject) => number,
): JsonObject {
  const { tool_calls, reasoning_content, reasoning, reasoning_details, ...rest } = message;
  const thought = reasoning ?? reasoning_content;
  return {
    ...(rest as JsonObject),
    ...(hideReasoning || thought === undefined ? {} : { reasoning: thought as Json }),
    ...(hideReasoning || reasoning_details === undefined
      ? {}
      : { reasoning_details: reasoning_details as Json }),
    ...(Array.isArray(tool_calls) && tool_calls.length > 0
      ? {
          tool_calls: tool_calls.map(objectOf).map((call, i) => ({ ...call, index: toolIndex?.(call) ?? i })),
        }
      : {}),
  };
}

/**
 * Usage in the contract's words. What is unknown is left out, as clients accept it; counts are there at least estimated.
 * @param given the upstream's own: what it holds besides stays
 */
function contractUsage({ usage, cost, byok, estimated }: Outcome, given: Fields): JsonObject {
  const {
    cost: _cost,
    cost_details: _details,
    prompt_tokens_details,
    completion_tokens_details,
    ...rest
  } = given;
  const before = counts(prompt_tokens_details, {
    cached_tokens: usage.cached,
    cache_write_tokens: usage.cacheWrite,
  });
  const after = counts(completion_tokens_details, { reasoning_tokens: usage.reasoning });
  return {
    ...(rest as JsonObject),
    prompt_tokens: usage.prompt ?? 0,
    completion_tokens: usage.completion ?? 0,
    total_tokens: (usage.prompt ?? 0) + (usage.completion ?? 0),
    ...(byok ? { cost: 0 } : cost.cost === null ? {} : { cost: cost.cost }),
    is_byok: byok,
    ...(estimated ? { is_estimated: true } : {}),
    ...(cost.prompt === null || cost.completion === null
      ? {}
      : {
          cost_details: {
            upstream_inference_cost: usage.upstreamCost ?? (byok ? cost.cost : null),
            upstream_inference_prompt_cost: cost.prompt,
            upstream_inference_completions_cost: cost.completion,
          },
        }),
    // Clients that know details want the first of them in each.
    ...(before ? { prompt_tokens_details: { cached_tokens: 0, ...before } } : {}),
    ...(after ? { completion_tokens_details: { reasoning_tokens: 0, ...after } } : {}),
  };
}

/** The counts that are known, ours before those of the upstream; null = none. */
function counts(given: unknown, ours: Record<string, number | null>): JsonObject | null {
  const all = Object.entries({ ...objectOf(given), ...ours });
  const known = all.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return known.length > 0 ? Object.fromEntries(known) : null;
}
