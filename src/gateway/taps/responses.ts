/** Watches answers of OpenAI's Responses. */
import { arrayOf, countOf, type Fields, lengthOf, moneyOf, objectOf } from '../../json/read.ts';
import { identifierOf, termOf } from '../../json/short-words.ts';
import type { Observed, Tap, Usage } from '../contract.ts';
import { serviceTierOf } from '../service-tiers.ts';
import { objectIn } from '../upstream/events.ts';
import { apartOf, nothingObserved } from './observed.ts';

const TERMINAL = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

/** Items of tools that the provider runs, and charges by the call. */
const PAID_TOOLS: ReadonlySet<unknown> = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'image_generation_call',
]);

export function responsesTap(): Tap {
  const observed = nothingObserved();
  return {
    observed,
    event(of) {
      const event = objectIn(of);
      if (!event) return;
      const type = typeof event.type === 'string' ? event.type : '';
      if (type === 'response.created') observed.upstreamId = identifierOf(objectOf(event.response).id);
      else if (type.endsWith('.delta')) {
        observed.characters += lengthOf(event.delta);
        observed.started = true;
      } else if (TERMINAL.has(type)) seeResponse(observed, objectOf(event.response));
      else if (type === 'error') observed.failed = true;
      else if (type === 'response.output_item.done') observed.started = true;
    },
    body(body) {
      for (const item of arrayOf(body.output)) {
        const { content, arguments: given, summary } = objectOf(item);
        for (const part of [...arrayOf(content), ...arrayOf(summary)])
          observed.characters += lengthOf(objectOf(part).text);
        observed.characters += lengthOf(given);
      }
      seeResponse(observed, body);
    },
  };
}

function seeResponse(observed: Observed, response: Fields): void {
  observed.upstreamId ??= identifierOf(response.id);
  const types = arrayOf(response.output).map((item) => objectOf(item).type);
  const usage = readResponsesUsage(response.usage);
  if (usage)
    observed.usage = { ...usage, ...apartOf({ server_tool: Number(types.some((t) => PAID_TOOLS.has(t))) }) };
  observed.serviceTier = serviceTierOf(response.service_tier) ?? observed.serviceTier;
  const called = types.includes('function_call');
  const status = termOf(response.status);
  observed.nativeFinishReason =
    termOf(objectOf(response.incomplete_details).reason) ??
    (called && status === 'completed' ? 'tool_calls' : status);
  observed.failed = status === 'failed';
  observed.finished = !observed.failed;
  observed.started = true;
}

/** Usage in the words of Responses; null where there is none. */
export function readResponsesUsage(given: unknown): Usage | null {
  const usage = objectOf(given);
  const prompt = countOf(usage.input_tokens);
  const completion = countOf(usage.output_tokens);
  if (prompt === null && completion === null) return null;
  const before = objectOf(usage.input_tokens_details);
  const costs = objectOf(usage.cost_details);
  return {
    prompt,
    completion,
    reasoning: countOf(objectOf(usage.output_tokens_details).reasoning_tokens),
    cached: countOf(before.cached_tokens),
    cacheWrite: countOf(before.cache_write_tokens),
    cost: moneyOf(usage.cost),
    upstreamCost: moneyOf(costs.upstream_inference_cost),
  };
}
