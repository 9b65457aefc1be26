/** Watches answers of Anthropic's Messages. Its input tokens leave out what was read from and written to the cache. */
import { arrayOf, countOf, type Fields, lengthOf, moneyOf, objectOf } from '../../json/read.ts';
import { identifierOf, termOf } from '../../json/short-words.ts';
import type { Observed, Tap, Usage } from '../contract.ts';
import { serviceTierOf } from '../service-tiers.ts';
import { objectIn } from '../upstream/events.ts';
import { apartOf, NO_USAGE, nothingObserved } from './observed.ts';

export function messagesTap(): Tap {
  const observed = nothingObserved();
  const counts: Fields = {};
  const count = (usage: unknown) => {
    // Later numbers replace earlier ones: message_delta's are totals. Some say 0 there for what they said at the start.
    for (const [key, value] of Object.entries(objectOf(usage)))
      if (value !== null && !(value === 0 && counts[key])) counts[key] = value;
    observed.usage = readMessagesUsage(counts) ?? observed.usage;
    observed.serviceTier = serviceTierOf(counts.service_tier) ?? observed.serviceTier;
  };
  return {
    observed,
    event(of) {
      const event = objectIn(of);
      if (!event) return;
      if (event.type === 'message_start') {
        const message = objectOf(event.message);
        observed.upstreamId = identifierOf(message.id);
        // Its output tokens are but a beginning; if the stream is cut off they would pass for all.
        count({ ...objectOf(message.usage), output_tokens: null });
      } else if (event.type === 'content_block_start') seeBlock(observed, objectOf(event.content_block));
      else if (event.type === 'content_block_delta') {
        const delta = objectOf(event.delta);
        observed.characters += lengthOf(delta.text) + lengthOf(delta.thinking) + lengthOf(delta.partial_json);
        observed.started = true;
      } else if (event.type === 'message_delta') {
        observed.nativeFinishReason =
          termOf(objectOf(event.delta).stop_reason) ?? observed.nativeFinishReason;
        observed.started = true;
        count(event.usage);
      } else if (event.type === 'message_stop') observed.finished = true;
      else if (event.type === 'error') observed.failed = true;
    },
    body(body) {
      if (body.type === 'error') {
        observed.failed = true;
        return;
      }
      observed.upstreamId = identifierOf(body.id);
      observed.nativeFinishReason = termOf(body.stop_reason);
      for (const block of arrayOf(body.content)) seeBlock(observed, objectOf(block));
      count(body.usage);
      observed.started = true;
      observed.finished = true;
    },
  };
}

function seeBlock(observed: Observed, block: Fields): void {
  const before = observed.characters;
  observed.characters += lengthOf(block.text) + lengthOf(block.thinking) + lengthOf(block.name);
  const input = objectOf(block.input);
  if (Object.keys(input).length > 0) observed.characters += JSON.stringify(input).length;
  // A text that is still empty is no token yet; what has no text at all (redacted thinking, results of tools) is one.
  const isText = block.type === 'text' || block.type === 'thinking';
  if (!isText || observed.characters > before) observed.started = true;
}

/** Usage in the words of Messages; totals as in chat. null where there is none. */
export function readMessagesUsage(given: unknown): Usage | null {
  const usage = objectOf(given);
  const input = countOf(usage.input_tokens);
  const output = countOf(usage.output_tokens);
  if (input === null && output === null) return null;
  const cached = countOf(usage.cache_read_input_tokens);
  const cacheWrite = countOf(usage.cache_creation_input_tokens);
  return {
    ...NO_USAGE,
    prompt: input === null ? null : input + (cached ?? 0) + (cacheWrite ?? 0),
    completion: output,
    reasoning: countOf(objectOf(usage.output_tokens_details).thinking_tokens),
    cached,
    cacheWrite,
    cacheWriteHour: countOf(objectOf(usage.cache_creation).ephemeral_1h_input_tokens),
    cost: moneyOf(usage.cost),
    ...apartOf({
      server_tool: countOf(objectOf(usage.server_tool_use).web_search_requests),
      fast: Number(usage.speed === 'fast'),
      us: Number(usage.inference_geo === 'us'),
    }),
  };
}
