/** What a generation cost: what the upstream says, else prices times tokens, else unknown. Never 0 for want of a price. */
import type { Usage } from '../contract.ts';
import type { Prices } from '../routing/model-facts.ts';
import { isPricedApart } from '../service-tiers.ts';
import { NO_USAGE } from '../taps/observed.ts';

/** USD. `cost` is null wherever a price that is needed, or a count, is unknown. */
export interface Cost {
  cost: number | null;
  prompt: number | null;
  completion: number | null;
  /** What the plain prices come to, at the prompt's where cached tokens have none of their own; null = there are none. */
  plain: number | null;
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
 * So does what providers charge otherwise (`PricedApart`, service tiers), unless a factor is known for it. A long prompt
 * may make all tokens dearer.
 */
export function costOf(usage: Usage, listed: Prices, tier: string | null = null): Cost {
  const prices = forPrompt(listed, usage.prompt ?? 0);
  const factor = factorOf(usage, prices, tier);
  const completion = times(usage.completion, prices.completion);
  const sum = (prompt: number | null, by: number | null) => {
    const tokens = prompt === null || completion === null ? null : times(prompt + completion, by);
    return tokens === null ? null : tokens / 1e6 + (prices.request ?? 0);
  };
  const prompt = promptCost(usage, prices);
  return {
    cost: usage.cost ?? sum(prompt, factor),
    prompt: inUsd(times(prompt, factor)),
    completion: inUsd(times(completion, factor)),
    plain: sum(promptCost(usage, { ...prices, cacheRead: prices.cacheRead ?? prices.prompt }), 1),
  };
}

/** The prices for a prompt of so many tokens. */
function forPrompt(prices: Prices, tokens: number): Prices {
  const { longPrompt: long } = prices;
  if (long === null || tokens <= long.above) return prices;
  return {
    ...prices,
    prompt: times(prices.prompt, long.prompt),
    cacheRead: times(prices.cacheRead, long.prompt),
    cacheWrite: times(prices.cacheWrite, long.prompt),
    completion: times(prices.completion, long.completion),
  };
}

/** What the plain prices are to be multiplied with; null = unknown. */
function factorOf({ apart = [] }: Usage, { factors }: Prices, tier: string | null): number | null {
  const words = isPricedApart(tier) ? [...apart, tier] : apart;
  return words.reduce<number | null>(
    (all, word) => times(all, Object.hasOwn(factors, word) ? (factors[word] ?? null) : null),
    1,
  );
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
function times(count: number | null, price: number | null): number | null {
  return count === null ? null : count === 0 ? 0 : price === null ? null : count * price;
}

/** The most that a request may cost; null where no price is known. */
export function mostCost(
  promptTokens: number,
  completionTokens: number,
  listed: Prices,
  tier: string | null,
): number | null {
  const prices = forPrompt(listed, promptTokens);
  const { prompt, completion, request } = prices;
  if (prompt === null || completion === null) return null;
  const tokens = promptTokens * Math.max(prompt, prices.cacheWrite ?? 0) + completionTokens * completion;
  // A tier may be refused, and the plain one served.
  const factor = Math.max(1, factorOf(NO_USAGE, prices, tier) ?? 1);
  return (tokens * factor) / 1e6 + (request ?? 0);
}
