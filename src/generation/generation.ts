/**
 * The record: one generation (a prompt–completion pair), or one row of a source that already counted several.
 * It holds metadata only. There is no field for text, none for a hash of text, none for an address.
 */

/** What ended a generation, normalised. `tool_calls` means that a tool was really invoked. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'error';
export const FINISH_REASONS: readonly FinishReason[] = [
  'stop',
  'length',
  'tool_calls',
  'content_filter',
  'error',
];

/** One content category with the classifier's confidence in [0, 1]. */
export interface Label {
  path: string;
  confidence: number;
}

/** Times are UTC milliseconds, money is USD, tokens are as the provider counted them. null means unknown, never 0. */
export interface Generation {
  /** Unique within a dataset. The source's own id where it has one, else derived (see `ids.ts`). */
  id: string;
  /** When the request was made, milliseconds since 1970-01-01 UTC. */
  createdAt: number;
  /** How many generations the row stands for: 1 for a generation, N for an aggregated row, null where the source does not say. */
  requests: number | null;
  /** Keyed hash of whatever the source calls its user, team or key. */
  account: string | null;
  app: string | null;
  /** Keyed hash of the source's session, conversation or thread. */
  session: string | null;
  /** The model's slug as the source names it, lower case, without variant; the catalog resolves it to `author/slug`. */
  model: string;
  /** `free`, `nitro`, `thinking` … : the suffix behind the slug's colon. */
  variant: string | null;
  /** Who served the request, as distinct from who made the model. */
  provider: string | null;
  region: string | null;
  promptTokens: number | null;
  /** Includes reasoning tokens. */
  completionTokens: number | null;
  /** promptTokens + completionTokens; a source that knows only the total gives this alone. */
  totalTokens: number;
  /** Part of completionTokens. */
  reasoningTokens: number | null;
  /** Part of promptTokens: read from a cache. */
  cachedTokens: number | null;
  /** Part of promptTokens: written to a cache. */
  cacheWriteTokens: number | null;
  /** USD that the user paid. null = unknown, never 0. */
  cost: number | null;
  /** USD that the upstream charged, where it is known apart. */
  upstreamCost: number | null;
  /** The user brought the provider key. */
  byok: boolean | null;
  streamed: boolean | null;
  cancelled: boolean | null;
  /** The request offered tools to the model. */
  toolsOffered: boolean | null;
  finishReason: FinishReason | null;
  nativeFinishReason: string | null;
  /** Nobody counted all of the tokens: at least in part they are an estimate. */
  tokensEstimated: boolean | null;
  /** HTTP status of the answer. */
  status: number | null;
  /** Milliseconds to the first token. */
  latencyMs: number | null;
  /** Milliseconds to the last token. */
  durationMs: number | null;
  /** Billing country of the account, ISO 3166-1 alpha-2. */
  country: string | null;
  /** Language of the prompt, BCP 47. */
  language: string | null;
  labels: Label[] | null;
  /** `name@version` of what made the labels. */
  classifier: string | null;
  /** Probability with which the generation was sampled for labels. */
  sampleRate: number | null;
  /** The door it came through. */
  source: string;
}

export type FieldKind = 'string' | 'integer' | 'number' | 'boolean' | 'timestamp' | 'labels';

/** One column of the record: its name in code, in SQL, its kind and its unit. */
export interface Field {
  name: keyof Generation;
  column: string;
  kind: FieldKind;
  required: boolean;
  unit?: 'tokens' | 'USD' | 'ms' | 'generations' | 'fraction';
}

const field = (name: keyof Generation, kind: FieldKind, unit?: Field['unit'], required = false): Field => ({
  name,
  column: name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
  kind,
  required,
  ...(unit ? { unit } : {}),
});

/** Every field in the order of the lake's columns. SQL uses the same words in snake_case. */
export const FIELDS: readonly Field[] = [
  field('id', 'string', undefined, true),
  field('createdAt', 'timestamp', undefined, true),
  field('requests', 'integer', 'generations'),
  field('account', 'string'),
  field('app', 'string'),
  field('session', 'string'),
  field('model', 'string', undefined, true),
  field('variant', 'string'),
  field('provider', 'string'),
  field('region', 'string'),
  field('promptTokens', 'integer', 'tokens'),
  field('completionTokens', 'integer', 'tokens'),
  field('totalTokens', 'integer', 'tokens', true),
  field('reasoningTokens', 'integer', 'tokens'),
  field('cachedTokens', 'integer', 'tokens'),
  field('cacheWriteTokens', 'integer', 'tokens'),
  field('cost', 'number', 'USD'),
  field('upstreamCost', 'number', 'USD'),
  field('byok', 'boolean'),
  field('streamed', 'boolean'),
  field('cancelled', 'boolean'),
  field('toolsOffered', 'boolean'),
  field('finishReason', 'string'),
  field('nativeFinishReason', 'string'),
  field('tokensEstimated', 'boolean'),
  field('status', 'integer'),
  field('latencyMs', 'number', 'ms'),
  field('durationMs', 'number', 'ms'),
  field('country', 'string'),
  field('language', 'string'),
  field('labels', 'labels'),
  field('classifier', 'string'),
  field('sampleRate', 'number', 'fraction'),
  field('source', 'string', undefined, true),
];

export const FIELD_BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((f) => [f.name, f]));

/** The record with every optional field unknown; a door fills in what its source says. */
export function unknownGeneration(
  known: Pick<Generation, 'id' | 'createdAt' | 'model' | 'source'> & Partial<Generation>,
): Omit<Generation, 'totalTokens'> & { totalTokens: number | null } {
  const blank = Object.fromEntries(FIELDS.map((f) => [f.name, null]));
  return { ...blank, requests: 1, ...known } as Generation;
}
