/** Watches chat completions, completions and embeddings: answers of OpenAI's older dialects. */
import type { Observed, StreamEvent, Tap, Usage } from '../contract.ts';
import {
  type Fields,
  fields,
  identifier,
  length,
  list,
  money,
  nothingObserved,
  parseJson,
  term,
  tokens,
  word,
} from './observed.ts';

export function chatTap(): Tap & { chunk(chunk: Fields): void } {
  const observed = nothingObserved();
  const see = (chunk: Fields) => {
    observed.upstreamId ??= identifier(chunk.id);
    observed.provider ??= word(chunk.provider);
    if (chunk.error) observed.failed = true;
    const usage = readChatUsage(chunk.usage ?? fields(chunk.x_groq).usage);
    if (usage) observed.usage = usage;
    for (const choice of list(chunk.choices)) seeChoice(observed, fields(choice));
  };
  return {
    observed,
    event({ data }: StreamEvent) {
      if (data === '[DONE]') {
        observed.finished = true;
        return;
      }
      const chunk = parseJson(data);
      if (chunk) see(chunk);
    },
    chunk: see,
    body(body) {
      see(body);
      observed.finished = !observed.failed;
    },
  };
}

function seeChoice(observed: Observed, choice: Fields): void {
  const said = fields(choice.delta ?? choice.message);
  let characters =
    length(said.content) +
    length(said.refusal) +
    length(said.reasoning ?? said.reasoning_content) +
    length(choice.text);
  for (const part of list(said.content)) characters += length(fields(part).text);
  for (const call of list(said.tool_calls)) {
    const { name, arguments: given } = fields(fields(call).function);
    characters += length(name) + length(given);
  }
  const called = fields(said.function_call);
  characters += length(called.name) + length(called.arguments);
  observed.characters += characters;
  const hasMore = list(said.reasoning_details).length + list(said.images).length > 0 || said.audio;
  if (characters > 0 || hasMore) observed.started = true;
  const reason = term(choice.native_finish_reason) ?? term(choice.finish_reason);
  if (reason === null) return;
  observed.nativeFinishReason ??= reason;
  observed.started = true;
  observed.finished = true;
  if (choice.finish_reason === 'error') observed.failed = true;
}

/** Usage in the words of chat completions; null where there is none. */
export function readChatUsage(given: unknown): Usage | null {
  const usage = fields(given);
  const prompt = tokens(usage.prompt_tokens);
  const total = tokens(usage.total_tokens);
  if (prompt === null && total === null) return null;
  const before = fields(usage.prompt_tokens_details);
  const after = fields(usage.completion_tokens_details);
  const reasoning = tokens(after.reasoning_tokens) ?? tokens(usage.reasoning_tokens);
  const completion = completionOf(usage.completion_tokens, prompt, total, reasoning);
  const costs = fields(usage.cost_details);
  return {
    prompt,
    completion,
    reasoning,
    // DeepSeek and Moonshot have words of their own.
    cached:
      tokens(before.cached_tokens) ?? tokens(usage.prompt_cache_hit_tokens) ?? tokens(usage.cached_tokens),
    cacheWrite: tokens(before.cache_write_tokens) ?? tokens(usage.cache_creation_input_tokens),
    cost: money(usage.cost),
    upstreamCost: money(costs.upstream_inference_cost),
  };
}

/** Some upstreams leave reasoning out of the completion; their total tells. */
function completionOf(
  given: unknown,
  prompt: number | null,
  total: number | null,
  reasoning: number | null,
): number | null {
  const completion = tokens(given);
  const rest = prompt !== null && total !== null && total >= prompt ? total - prompt : null;
  if (completion === null) return rest;
  return reasoning !== null && reasoning > 0 && rest === completion + reasoning ? rest : completion;
}
