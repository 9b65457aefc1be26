/** What the parts of the gateway say to each other: dialects, events of a stream, usage, translations. */
import type { Generation } from '../generation/generation.ts';
import type { JsonObject } from '../json/read.ts';

export type { Json, JsonObject } from '../json/read.ts';

/** A wire format that clients and upstreams speak. `chat` is OpenAI's chat completions, `messages` Anthropic's. */
export type Dialect = 'chat' | 'completions' | 'responses' | 'messages' | 'embeddings';

/** One server-sent event. `data` is the text behind `data:`, lines joined; `event` is null where none is named. */
export interface StreamEvent {
  event: string | null;
  data: string;
  /** What `objectIn` read of it. */
  object?: JsonObject | null;
}

/**
 * What an upstream counted. Token counts are totals: `prompt` contains `cached` and `cacheWrite`, `completion` contains
 * `reasoning`. null = the upstream did not say. Money is USD.
 */
export interface Usage {
  prompt: number | null;
  completion: number | null;
  reasoning: number | null;
  cached: number | null;
  cacheWrite: number | null;
  /** Of `cacheWrite`, what is kept for an hour, which costs more (Anthropic). */
  cacheWriteHour?: number | null;
  /** What the upstream says it charged. */
  cost: number | null;
  /** What the upstream's own provider charged it, where it says that apart. */
  upstreamCost: number | null;
  /** Why the plain prices may not tell its cost, in words of `PricedApart`. */
  apart?: readonly PricedApart[];
}

/**
 * What providers charge otherwise than by their plain prices: tokens of sound and of pictures made, tools that they run,
 * Anthropic's fast mode and its inference within the US.
 */
export type PricedApart = 'audio' | 'image' | 'server_tool' | 'fast' | 'us';

/** What was seen of an answer while it passed. No text is kept. */
export interface Observed {
  /** The upstream's id of the answer. */
  upstreamId: string | null;
  nativeFinishReason: string | null;
  /** The upstream's own name for who served it (OpenRouter's `provider`). */
  provider: string | null;
  usage: Usage | null;
  /** The tier that the upstream says it served, in its own word. */
  serviceTier: string | null;
  /** Characters of visible text, reasoning and tool arguments: what an estimate rests on. */
  characters: number;
  /** A token of the answer was seen: from here on another endpoint cannot take over. */
  started: boolean;
  /** The answer ended as its dialect says it ends; without this it was cut off. */
  finished: boolean;
  /** The upstream reported an error inside an answer that had begun with status 200. */
  failed: boolean;
}

/** Watches an answer in the dialect of the upstream. */
export interface Tap {
  observed: Observed;
  /** One event of a stream. */
  event(event: StreamEvent): void;
  /** A whole answer. */
  body(body: JsonObject): void;
}

/** Translates one request, and the answer to it, between the dialect of the client and that of the upstream. */
export interface Translation {
  /** The client's body as the upstream's. @throws `bad_request` naming the field that has no counterpart */
  request(body: JsonObject, options: { model: string; stream: boolean }): JsonObject;
  /**
   * The upstream's whole answer as the client's.
   * @param request the client's body: some dialects repeat its settings in the answer
   */
  response(body: JsonObject, request?: JsonObject): JsonObject;
  /** The upstream's stream as the client's, event by event; `end` closes what is open if the upstream closed early. */
  stream(request?: JsonObject): { push(event: StreamEvent): StreamEvent[]; end(): StreamEvent[] };
}

/** An answer from something that is no HTTP endpoint of a dialect of ours (the sandbox, an AI SDK provider), in `chat`. */
export interface LocalUpstream {
  /** @throws `UpstreamError` */
  generate(body: JsonObject, call: LocalCall): Promise<JsonObject>;
  /** Chunks of a chat completion, the last one with `choices: []` and `usage`. */
  stream(body: JsonObject, call: LocalCall): AsyncIterable<JsonObject>;
}
export interface LocalCall {
  /** The upstream's own name of the model. */
  model: string;
  signal: AbortSignal;
  /** The provider key, where it needs one. */
  apiKey: string | null;
}

/** A request's prompt as it came: its bytes, and where the members of the outermost object are. */
export interface PromptBytes {
  dialect: Dialect;
  body: Buffer;
  members: readonly { key: string; start: number; end: number }[];
}

/**
 * Fills in what the prompt tells of itself (language, labels) and hands the record on, once and in any case; off the
 * response path, and without keeping the prompt. Never throws.
 * @param prompt null: the request could not be read
 * @param maySample false: its account has opted out of the sample
 */
export type Annotate = (
  record: Generation,
  prompt: PromptBytes | null,
  maySample: boolean,
  done: (record: Generation) => void,
) => void;
