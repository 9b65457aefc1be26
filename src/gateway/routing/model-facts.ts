/** What configuration, listings and the catalog may say of a model at a provider. */

/** USD per million tokens; `request` USD each. null = unknown, never free. */
export interface Prices {
  prompt: number | null;
  completion: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  request: number | null;
  /** Times all of them: of a service tier, or of what else is priced apart. What is not there is unknown. */
  factors: Readonly<Record<string, number>>;
  /** What a request costs whose prompt is long; null = the same. */
  longPrompt: LongPrompt | null;
}

/** A prompt of more than `above` tokens makes all tokens of its request dearer, so many times. */
export interface LongPrompt {
  above: number;
  /** Those of the cache too. */
  prompt: number;
  completion: number;
}

export const NO_PRICES: Prices = {
  prompt: null,
  completion: null,
  cacheRead: null,
  cacheWrite: null,
  request: null,
  factors: {},
  longPrompt: null,
};

/** What configuration or a listing says of a model at a provider. */
export interface ModelFacts {
  slug?: string;
  prices?: Partial<Prices>;
  contextTokens?: number;
  maxCompletionTokens?: number;
  quantization?: string;
  supportedParameters?: readonly string[];
}
