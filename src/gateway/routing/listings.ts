/** What providers say at GET /models. Asked in the background; no request waits for it. */
import { asObject, objectOf } from '../../json/read.ts';
import type { Provider } from '../config/config.ts';
import type { ModelFacts, Prices } from './model-facts.ts';

export interface ListedModel extends ModelFacts {
  id: string;
}
export interface Listing {
  models: readonly ListedModel[];
}

/** Models of an OpenAI, Anthropic or OpenRouter style list; entries without a name are left out. */
export function readListing(body: unknown, provider: Pick<Provider, 'spelling'>): Listing {
  const data = (body as { data?: unknown } | null)?.data ?? (body as { models?: unknown } | null)?.models;
  const list = Array.isArray(body) ? body : Array.isArray(data) ? data : [];
  return {
    models: list.flatMap((entry: unknown) => {
      const e = objectOf(entry);
      const id = typeof e.id === 'string' ? e.id.replace(/^models\//, '') : null;
      if (!id || id.length > 200) return [];
      const top = objectOf(e.top_provider);
      const prices = readPrices(e.pricing);
      const model: ListedModel = {
        id,
        ...(provider.spelling === 'slug' ? { slug: id } : {}),
        ...(prices ? { prices } : {}),
        ...positive('contextTokens', e.context_length ?? e.max_model_len ?? e.context_window),
        ...positive('maxCompletionTokens', top.max_completion_tokens),
        ...(Array.isArray(e.supported_parameters)
          ? { supportedParameters: e.supported_parameters.filter((p) => typeof p === 'string') }
          : {}),
      };
      return [model];
    }),
  };
}

const positive = (key: string, value: unknown): Record<string, number> =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? { [key]: value } : {};

/** OpenRouter's prices: strings, USD per token; a negative one means that it varies. */
function readPrices(given: unknown): Partial<Prices> | null {
  const prices = asObject(given);
  if (!prices) return null;
  const price = (key: string, factor: number) => {
    const value = prices[key];
    const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
    return Number.isFinite(number) && number >= 0 ? number * factor : null;
  };
  const read = {
    prompt: price('prompt', 1e6),
    completion: price('completion', 1e6),
    cacheRead: price('input_cache_read', 1e6),
    cacheWrite: price('input_cache_write', 1e6),
    request: price('request', 1),
  };
  return read.prompt === null && read.completion === null ? null : read;
}

const REFRESH_MS = 3_600_000;
const RETRY_MS = 60_000;
const LARGEST = 32 << 20;

export interface Listings {
  of(provider: Provider): Listing | null;
  /** When a list was last read, or why it was not; for the admin page. */
  status(provider: Provider): { models: number | null; error: string | null };
  /** What is known of a provider, for who follows. */
  known(slug: string): Known | undefined;
  close(): void;
}

interface Known {
  /** Where it was asked. */
  base: string;
  listing: Listing | null;
  error: string | null;
}

const baseOf = ({ urls }: Provider): string | undefined =>
  urls.chat ?? urls.messages ?? Object.values(urls)[0];

/** `fetch failed` alone says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string };
  const why = code ?? message?.split('\n')[0];
  return `${error.message.split('\n')[0]}${why ? ` (${why})` : ''}`;
}

/**
 * Asks each provider that lists its models, again every hour, sooner after a failure.
 * @param before lists of the configuration before: they hold for providers at the same address until these are here
 */
export function watchListings(
  providers: readonly Provider[],
  headersOf: (provider: Provider) => Record<string, string>,
  before: Listings | null = null,
): Listings {
  const known = new Map<string, Known>();
  for (const provider of providers) {
    const old = before?.known(provider.slug);
    if (old && provider.lists && old.base === baseOf(provider)) known.set(provider.slug, old);
  }
  const stop = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const ask = async (provider: Provider): Promise<void> => {
    const base = baseOf(provider);
    if (!base || !provider.lists) return;
    const last = known.get(provider.slug)?.listing ?? null;
    let error: string | null = null;
    try {
      const response = await fetch(`${base}/models${provider.auth === 'x-api-key' ? '?limit=1000' : ''}`, {
        headers: headersOf(provider),
        // A key is not carried to an address that nobody named.
        redirect: 'manual',
        signal: AbortSignal.any([stop.signal, AbortSignal.timeout(15_000)]),
      });
      const length = Number(response.headers.get('content-length') ?? 0);
      if (!response.ok || length > LARGEST) throw new Error(`HTTP ${response.status}`);
      const listing = readListing(await response.json(), provider);
      if (listing.models.length > 0) known.set(provider.slug, { base, listing, error: null });
      else error = 'an empty list';
    } catch (cause) {
      error = reasonOf(cause);
    }
    if (error) known.set(provider.slug, { base, listing: last, error });
    if (stop.signal.aborted) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void ask(provider);
      },
      error ? RETRY_MS : REFRESH_MS,
    );
    timer.unref();
    timers.add(timer);
  };
  for (const provider of providers) void ask(provider);
  return {
    of: (provider) => known.get(provider.slug)?.listing ?? null,
    status: (provider) => {
      const entry = known.get(provider.slug);
      return { models: entry?.listing?.models.length ?? null, error: entry?.error ?? null };
    },
    known: (slug) => known.get(slug),
    close() {
      stop.abort();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
