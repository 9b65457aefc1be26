/** An answer of which nothing was seen yet. */
import type { Observed, PricedApart, Usage } from '../contract.ts';

export const nothingObserved = (): Observed => ({
  upstreamId: null,
  nativeFinishReason: null,
  provider: null,
  usage: null,
  serviceTier: null,
  characters: 0,
  started: false,
  finished: false,
  failed: false,
});

export const NO_USAGE: Usage = {
  prompt: null,
  completion: null,
  reasoning: null,
  cached: null,
  cacheWrite: null,
  cost: null,
  upstreamCost: null,
};

/** What of a usage is priced apart: whatever there is more than none of. */
export function apartOf(counts: Partial<Record<PricedApart, number | null>>): Pick<Usage, 'apart'> {
  const apart = Object.entries(counts).flatMap(([word, count]) => (count ? [word as PricedApart] : []));
  return apart.length > 0 ? { apart } : {};
}
