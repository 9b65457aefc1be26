/** What a generation cost: what the upstream says, else prices times tokens, else unknown. Never 0 for want of a price. */
import type { Usage } from '../contract.ts';
import type { Prices } from '../routing/model-facts.ts';

/** USD. `cost` is null wherever a price that is needed, or a count, is unknown. */
export interface Cost {
  cost: number | null;
  prompt: number | null;
  completion: number | null;
}

/** What a generation used and what it cost. */
export interface Outcome {
  usage: Usage;
  cost: Cost;
  byok: boolean;
  /** Tokens were estimated, at least in part. */
  estimated: boolean;
}

/**
 * Tokens read from the cache and written to it are part of the prompt and are priced once: at their own price, or at the
 * prompt's where no own one is known for writing; what is kept for an hour at twice the prompt's. A read without a price of its own leaves the cost unknown.
 */
export function costOf(usage: Usage, prices: Prices): Cost {
  const prompt = promptCost(usage, prices);
  const completion = times(usage.completion, prices.completion);
  const computed =
    prompt === null || completion === null ? null : (prompt + completion) / 1e6 + (prices.request ?? 0);
  return { cost: usage.cost ?? computed, prompt: inUsd(prompt), completion: inUsd(completion) };
}

const inUsd = (millionths: number | null): number | null => (millionths === null ? null : millionths / 1e6);

/** Of the prompt's price, as Anthropic charges. */
const HOUR_WRITE = 2;

/** In millionths of a USD: sums of them round less than sums of USD. */
function promptCost(usage: Usage, prices: Prices): number | null {
  if (usage.prompt === null || prices.prompt === null) return null;
  const cached = usage.cached ?? 0;
  const written = usage.cacheWrite ?? 0;
  const plain = Math.max(0, usage.prompt - cached - written);
  const read = cached === 0 ? 0 : times(cached, prices.cacheRead);
  const hour = Math.min(written, usage.cacheWriteHour ?? 0);
  const wrote = (written - hour) * (prices.cacheWrite ?? prices.prompt) + hour * HOUR_WRITE * prices.prompt;
  return read === null ? null : plain * prices.prompt + read + wrote;
}

/** In millionths of a USD. */
const times = (count: number | null, price: number | null): number | null =>
  count === null ? null : count === 0 ? 0 : price === null ? null : count * price;

/** The most that a request may cost; null where no price is known. */
export function mostCost(promptTokens: number, completionTokens: number, prices: Prices): number | null {
  const { prompt, completion, request } = prices;
  if (prompt === null || completion === null) return null;
  return (
    (promptTokens * Math.max(prompt, prices.cacheWrite ?? 0) + completionTokens * completion) / 1e6 +
    (request ?? 0)
  );
}
