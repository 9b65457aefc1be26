/**
 * Token counts between the dialects. In Anthropic's, `input_tokens` leaves out what the cache read and wrote; in
 * OpenAI's two dialects the prompt's total contains them. The pivot is `Usage`: totals, null for unknown.
 */
import { compact, isObject, type Maybe, numberOf, objectOf } from '../../json/read.ts';
import type { JsonObject, Usage } from '../contract.ts';

const count = (value: Maybe): number | null => {
  const n = numberOf(value);
  return n !== null && n >= 0 ? Math.round(n) : null;
};
const first = (...values: (number | null)[]): number | null => values.find((v) => v !== null) ?? null;

/** null where the upstream sent no usage. */
export function usageFromChat(value: Maybe): Usage | null {
  if (!isObject(value)) return null;
  const prompt = objectOf(value.prompt_tokens_details);
  const completion = objectOf(value.completion_tokens_details);
  return {
    prompt: count(value.prompt_tokens),
    completion: count(value.completion_tokens),
    reasoning: count(completion.reasoning_tokens),
    cached: first(count(prompt.cached_tokens), count(value.prompt_cache_hit_tokens)),
    cacheWrite: count(prompt.cache_write_tokens),
    ...money(value),
  };
}

/** null where the upstream sent no usage. */
export function usageFromMessages(value: Maybe): Usage | null {
  if (!isObject(value)) return null;
  const input = count(value.input_tokens);
  const cached = count(value.cache_read_input_tokens);
  const cacheWrite = count(value.cache_creation_input_tokens);
  return {
    prompt: input === null ? null : input + (cached ?? 0) + (cacheWrite ?? 0),
    completion: count(value.output_tokens),
    reasoning: count(objectOf(value.output_tokens_details).thinking_tokens),
    cached,
    cacheWrite,
    ...money(value),
  };
}

/** null where the upstream sent no usage. */
export function usageFromResponses(value: Maybe): Usage | null {
  if (!isObject(value)) return null;
  const input = objectOf(value.input_tokens_details);
  return {
    prompt: count(value.input_tokens),
    completion: count(value.output_tokens),
    reasoning: count(objectOf(value.output_tokens_details).reasoning_tokens),
    cached: count(input.cached_tokens),
    cacheWrite: count(input.cache_write_tokens),
    ...money(value),
  };
}

function money(value: JsonObject): Pick<Usage, 'cost' | 'upstreamCost'> {
  return {
    cost: numberOf(value.cost),
    upstreamCost: numberOf(objectOf(value.cost_details).upstream_inference_cost),
  };
}

const moneyFields = (usage: Usage): Record<string, Maybe> => ({
  cost: usage.cost ?? undefined,
  cost_details: usage.upstreamCost === null ? undefined : { upstream_inference_cost: usage.upstreamCost },
});

/** undefined where a total is unknown: clients want numbers, and an invented 0 would be counted. */
export function usageToChat(usage: Usage | null): JsonObject | undefined {
  if (usage === null || usage.prompt === null || usage.completion === null) return undefined;
  const cache = compact({
    cached_tokens: usage.cached ?? undefined,
    cache_write_tokens: usage.cacheWrite ?? undefined,
  });
  return compact({
    prompt_tokens: usage.prompt,
    completion_tokens: usage.completion,
    total_tokens: usage.prompt + usage.completion,
    prompt_tokens_details: Object.keys(cache).length > 0 ? cache : undefined,
    completion_tokens_details: usage.reasoning === null ? undefined : { reasoning_tokens: usage.reasoning },
    ...moneyFields(usage),
  });
}

/** Unknown totals become 0: in this dialect the fields must be numbers. */
export function usageToMessages(usage: Usage | null): JsonObject {
  const cached = usage?.cached ?? null;
  const cacheWrite = usage?.cacheWrite ?? null;
  return compact({
    input_tokens: Math.max(0, (usage?.prompt ?? 0) - (cached ?? 0) - (cacheWrite ?? 0)),
    output_tokens: usage?.completion ?? 0,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: cacheWrite,
    cache_creation: null,
    output_tokens_details: typeof usage?.reasoning === 'number' ? { thinking_tokens: usage.reasoning } : null,
    server_tool_use: null,
    ...(usage ? moneyFields(usage) : {}),
  });
}

/** null where a total is unknown. The details are required here, so an unknown part of a known total is 0. */
export function usageToResponses(usage: Usage | null): JsonObject | null {
  if (usage === null || usage.prompt === null || usage.completion === null) return null;
  return compact({
    input_tokens: usage.prompt,
    input_tokens_details: { cached_tokens: usage.cached ?? 0, cache_write_tokens: usage.cacheWrite ?? 0 },
    output_tokens: usage.completion,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.prompt + usage.completion,
    ...moneyFields(usage),
  });
}

/** Counts of one stream as they come in: totals only ever grow, so a later 0 never erases what was said before. */
export function laterUsage(before: Usage | null, after: Usage | null): Usage | null {
  if (before === null || after === null) return after ?? before;
  const larger = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b));
  return {
    prompt: larger(before.prompt, after.prompt),
    completion: larger(before.completion, after.completion),
    reasoning: larger(before.reasoning, after.reasoning),
    cached: larger(before.cached, after.cached),
    cacheWrite: larger(before.cacheWrite, after.cacheWrite),
    cost: after.cost ?? before.cost,
    upstreamCost: after.upstreamCost ?? before.upstreamCost,
  };
}
