/** Watches answers of Anthropic's Messages. Its input tokens leave out what was read from and written to the cache. */
import type { Observed, Tap, Usage } from '../contract.ts';
import {
  type Fields,
  fields,
  identifier,
  length,
  list,
  NO_USAGE,
  nothingObserved,
  parseJson,
  term,
  tokens,
} from './observed.ts';

export function messagesTap(): Tap {
  const observed = nothingObserved();
  const counts: Fields = {};
  const count = (usage: unknown) => {
    // Later numbers replace earlier ones: message_delta's are totals.
    for (const [key, value] of Object.entries(fields(usage))) if (value !== null) counts[key] = value;
    observed.usage = readMessagesUsage(counts) ?? observed.usage;
  };
  return {
    observed,
    event({ data }) {
      const event = parseJson(data);
      if (!event) return;
      if (event.type === 'message_start') {
        const message = fields(event.message);
        observed.upstreamId = identifier(message.id);
        // Its output tokens are but a beginning; if the stream is cut off they would pass for all.
        count({ ...fields(message.usage), output_tokens: null });
      } else if (event.type === 'content_block_start') seeBlock(observed, fields(event.content_block));
      else if (event.type === 'content_block_delta') {
        const delta = fields(event.delta);
        observed.characters += length(delta.text) + length(delta.thinking) + length(delta.partial_json);
        observed.started = true;
      } else if (event.type === 'message_delta') {
        observed.nativeFinishReason = term(fields(event.delta).stop_reason) ?? observed.nativeFinishReason;
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
      observed.upstreamId = identifier(body.id);
      observed.nativeFinishReason = term(body.stop_reason);
      for (const block of list(body.content)) seeBlock(observed, fields(block));
      count(body.usage);
      observed.started = true;
      observed.finished = true;
    },
  };
}

function seeBlock(observed: Observed, block: Fields): void {
  const before = observed.characters;
  observed.characters += length(block.text) + length(block.thinking) + length(block.name);
  const input = fields(block.input);
  if (Object.keys(input).length > 0) observed.characters += JSON.stringify(input).length;
  // A text that is still empty is no token yet; what has no text at all (redacted thinking, results of tools) is one.
  const isText = block.type === 'text' || block.type === 'thinking';
  if (!isText || observed.characters > before) observed.started = true;
}

/** Usage in the words of Messages; totals as in chat. null where there is none. */
export function readMessagesUsage(given: unknown): Usage | null {
  const usage = fields(given);
  const input = tokens(usage.input_tokens);
  const output = tokens(usage.output_tokens);
  if (input === null && output === null) return null;
  const cached = tokens(usage.cache_read_input_tokens);
  const cacheWrite = tokens(usage.cache_creation_input_tokens);
  return {
    ...NO_USAGE,
    prompt: input === null ? null : input + (cached ?? 0) + (cacheWrite ?? 0),
    completion: output,
    reasoning: tokens(fields(usage.output_tokens_details).thinking_tokens),
    cached,
    cacheWrite,
    cost: typeof usage.cost === 'number' ? usage.cost : null,
  };
}
