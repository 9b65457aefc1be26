/** Watches chat completions, completions and embeddings: answers of OpenAI's older dialects. */
import { arrayOf, countOf, type Fields, lengthOf, moneyOf, numberOf, objectOf } from '../../json/read.ts';
import { identifierOf, nameOf, termOf } from '../../json/short-words.ts';
import type { Observed, StreamEvent, Tap, Usage } from '../contract.ts';
import { serviceTierOf } from '../service-tiers.ts';
import { objectIn } from '../upstream/events.ts';
import { apartOf, nothingObserved } from './observed.ts';

export function chatTap(): Tap & { chunk(chunk: Fields): void } {
  const observed = nothingObserved();
  /** Choices beside the first that have begun. */
  const begun = new Set<number>();
  const see = (chunk: Fields) => {
    observed.upstreamId ??= identifierOf(chunk.id);
    observed.provider ??= nameOf(chunk.provider, 100);
    if (chunk.error) observed.failed = true;
    observed.serviceTier = serviceTierOf(chunk.service_tier) ?? observed.serviceTier;
    const usage = readChatUsage(chunk.usage ?? objectOf(chunk.x_groq).usage);
    if (usage) observed.usage = usage;
    for (const choice of arrayOf(chunk.choices)) seeChoice(observed, objectOf(choice), begun);
  };
  return {
    observed,
    event(event: StreamEvent) {
      if (event.data === '[DONE]') {
        observed.finished = true;
        return;
      }
      const chunk = objectIn(event);
      if (chunk) see(chunk);
    },
    chunk: see,
    body(body) {
      see(body);
      observed.finished = !observed.failed;
    },
  };
}

function seeChoice(observed: Observed, choice: Fields, begun: Set<number>): void {
  const said = objectOf(choice.delta ?? choice.message);
  let characters =
    lengthOf(said.content) +
    lengthOf(said.refusal) +
    lengthOf(said.reasoning ?? said.reasoning_content) +
    lengthOf(choice.text);
  for (const part of arrayOf(said.content)) characters += lengthOf(objectOf(part).text);
  for (const call of arrayOf(said.tool_calls)) {
    const { name, arguments: given } = objectOf(objectOf(call).function);
    characters += lengthOf(name) + lengthOf(given);
  }
  const called = objectOf(said.function_call);
  characters += lengthOf(called.name) + lengthOf(called.arguments);
  observed.characters += characters;
  const hasMore = arrayOf(said.reasoning_details).length + arrayOf(said.images).length > 0 || said.audio;
  if (characters > 0 || hasMore) observed.started = true;
  const reason = termOf(choice.native_finish_reason) ?? termOf(choice.finish_reason);
  const index = numberOf(choice.index) ?? 0;
  if (reason === null) {
    if (index === 0 || characters === 0) return;
    begun.add(index);
    observed.finished = false;
    return;
  }
  begun.delete(index);
  observed.nativeFinishReason ??= reason;
  observed.started = true;
  observed.finished = begun.size === 0;
  if (choice.finish_reason === 'error') observed.failed = true;
}

/** Usage in the words of chat completions; null where there is none. */
export function readChatUsage(given: unknown): Usage | null {
  const usage = objectOf(given);
  const prompt = countOf(usage.prompt_tokens);
  const total = countOf(usage.total_tokens);
  if (prompt === null && total === null) return null;
  const before = objectOf(usage.prompt_tokens_details);
  const after = objectOf(usage.completion_tokens_details);
  const reasoning = countOf(after.reasoning_tokens) ?? countOf(usage.reasoning_tokens);
  const completion = completionOf(usage.completion_tokens, prompt, total, reasoning);
  const costs = objectOf(usage.cost_details);
  return {
    prompt,
    completion,
    reasoning,
    // DeepSeek and Moonshot have words of their own.
    cached:
      countOf(before.cached_tokens) ?? countOf(usage.prompt_cache_hit_tokens) ?? countOf(usage.cached_tokens),
    cacheWrite: countOf(before.cache_write_tokens) ?? countOf(usage.cache_creation_input_tokens),
    cost: moneyOf(usage.cost),
    upstreamCost: moneyOf(costs.upstream_inference_cost),
    ...apartOf({
      audio: (countOf(before.audio_tokens) ?? 0) + (countOf(after.audio_tokens) ?? 0),
      // Those of the prompt are priced as its text.
      image: countOf(after.image_tokens),
      // xAI's searches.
      server_tool: countOf(usage.num_sources_used),
    }),
  };
}

/** Some upstreams leave reasoning out of the completion; their total tells. */
function completionOf(
  given: unknown,
  prompt: number | null,
  total: number | null,
  reasoning: number | null,
): number | null {
  const completion = countOf(given);
  const rest = prompt !== null && total !== null && total >= prompt ? total - prompt : null;
  if (completion === null) return rest;
  return reasoning !== null && reasoning > 0 && rest === completion + reasoning ? rest : completion;
}
