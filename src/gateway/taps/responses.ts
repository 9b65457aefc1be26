/** Watches answers of OpenAI's Responses. */
import type { Observed, Tap, Usage } from '../contract.ts';
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
} from './observed.ts';

const TERMINAL = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

export function responsesTap(): Tap {
  const observed = nothingObserved();
  return {
    observed,
    event({ data }) {
      const event = parseJson(data);
      if (!event) return;
      const type = typeof event.type === 'string' ? event.type : '';
      if (type === 'response.created') observed.upstreamId = identifier(fields(event.response).id);
      else if (type.endsWith('.delta')) {
        observed.characters += length(event.delta);
        observed.started = true;
      } else if (TERMINAL.has(type)) seeResponse(observed, fields(event.response));
      else if (type === 'error') observed.failed = true;
      else if (type === 'response.output_item.done') observed.started = true;
    },
    body(body) {
      for (const item of list(body.output)) {
        const { content, arguments: given, summary } = fields(item);
        for (const part of [...list(content), ...list(summary)])
          observed.characters += length(fields(part).text);
        observed.characters += length(given);
      }
      seeResponse(observed, body);
    },
  };
}

function seeResponse(observed: Observed, response: Fields): void {
  observed.upstreamId ??= identifier(response.id);
  observed.usage = readResponsesUsage(response.usage) ?? observed.usage;
  const called = list(response.output).some((item) => fields(item).type === 'function_call');
  const status = term(response.status);
  observed.nativeFinishReason =
    term(fields(response.incomplete_details).reason) ??
    (called && status === 'completed' ? 'tool_calls' : status);
  observed.failed = status === 'failed';
  observed.finished = !observed.failed;
  observed.started = true;
}

/** Usage in the words of Responses; null where there is none. */
export function readResponsesUsage(given: unknown): Usage | null {
  const usage = fields(given);
  const prompt = tokens(usage.input_tokens);
  const completion = tokens(usage.output_tokens);
  if (prompt === null && completion === null) return null;
  const before = fields(usage.input_tokens_details);
  const costs = fields(usage.cost_details);
  return {
    prompt,
    completion,
    reasoning: tokens(fields(usage.output_tokens_details).reasoning_tokens),
    cached: tokens(before.cached_tokens),
    cacheWrite: tokens(before.cache_write_tokens),
    cost: money(usage.cost),
    upstreamCost: money(costs.upstream_inference_cost),
  };
}
