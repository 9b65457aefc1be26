/** An answer of which nothing was seen yet. */
import type { Observed, Usage } from '../contract.ts';

export const nothingObserved = (): Observed => ({
  upstreamId: null,
  nativeFinishReason: null,
  provider: null,
  usage: null,
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
