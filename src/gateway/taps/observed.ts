/** An answer of which nothing was seen yet, and reading numbers out of JSON that may hold anything. */
import type { Observed, Usage } from '../contract.ts';
import { copied } from '../copied.ts';

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

export type Fields = Record<string, unknown>;

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A count of tokens; anything else is unknown. */
export const tokens = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
export const money = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

/** A short name that is kept beyond the answer. */
export const word = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_WORD ? copied(value) : null;

/** A word of a provider's vocabulary, such as its reason to end: without blanks, so that no text passes for one. */
export const term = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value) ? copied(value) : null;

/** An id, as providers make them. */
export const identifier = (value: unknown): string | null =>
  typeof value === 'string' && /^[\w.:/+=-]{1,200}$/.test(value) ? copied(value) : null;

const LONGEST_WORD = 100;

export const length = (value: unknown): number => (typeof value === 'string' ? value.length : 0);

export function parseJson(text: string): Fields | null {
  try {
    return fields(JSON.parse(text));
  } catch {
    return null;
  }
}
