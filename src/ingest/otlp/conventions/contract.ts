/** What a convention is: a way of writing generations as spans. One file each, one line in `registry.ts`. */
import type { Content, Span } from '../span.ts';

/**
 * What a span says of a generation, with the totals as the record wants them: prompt tokens include those read from and
 * written to a cache, completion tokens include reasoning. null = it does not say.
 */
export interface Facts {
  requestModel: string | null;
  responseModel: string | null;
  provider: string | null;
  /** Who called, and the conversation, in the source's own words; hashed before anything is kept. */
  user: string | null;
  session: string | null;
  app: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  totalTokens: number | null;
  reasoningTokens: number | null;
  cachedTokens: number | null;
  cacheWriteTokens: number | null;
  cost: number | null;
  upstreamCost: number | null;
  byok: boolean | null;
  streamed: boolean | null;
  /** The caller went away before the end. */
  cancelled: boolean | null;
  /** As the provider said it. */
  finishReason: string | null;
  status: number | null;
  latencyMs: number | null;
  /** Unique among all generations of the source; null: the span's own ids name it. */
  id: string | null;
}

/** `roll-up`: sums up the generations below it. `other`: no generation. */
export type Reading = { generation: Facts } | 'roll-up' | 'other';

export interface Convention {
  name: string;
  /** Attributes that `read` looks at. All others are passed over, unread. */
  keys: readonly string[];
  /** Attributes with text of people: whole names, and beginnings of names that end with a dot. */
  content: readonly string[];
  /** Attributes that are there only if tools were offered; the same way. */
  tools: readonly string[];
  /** null: the span is not written this way. */
  read(span: Span): Reading | null;
  /** The text of the user's last message; called for sampled generations only. */
  userText(content: readonly Content[]): string | null;
  /** The generation is the outermost span and those below repeat it; otherwise those above repeat it. */
  outermost?: boolean;
  /** The door that its records are counted at. */
  door: 'otlp' | 'openrouter-broadcast';
}

export const NOTHING: Facts = {
  requestModel: null,
  responseModel: null,
  provider: null,
  user: null,
  session: null,
  app: null,
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
  cacheWriteTokens: null,
  cost: null,
  upstreamCost: null,
  byok: null,
  streamed: null,
  cancelled: null,
  finishReason: null,
  status: null,
  latencyMs: null,
  id: null,
};
