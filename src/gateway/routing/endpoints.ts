/** Which provider serves which model under which name and price: from the configuration, listings and presets. */
import type { ResolvedModel } from '../../catalog/contract.ts';
import { copied } from '../../json/short-words.ts';
import type { GatewayConfig, Provider } from '../config/config.ts';
import { isAggregator } from '../config/provider-names.ts';
import type { Dialect, LocalUpstream } from '../contract.ts';
import type { Listing } from './listings.ts';
import { longPromptOf } from './long-prompts.ts';
import { type ModelFacts, NO_PRICES, type Prices } from './model-facts.ts';

export interface Endpoint {
  /** `provider/upstream model`; `provider/*` for all models of a provider that nobody but a client has named yet. */
  id: string;
  /** Configuration, a listing or an answer named the model. Else its name may be any words of a client: not to be kept. */
  isKnown: boolean;
  provider: Provider;
  /** Canonical slug. */
  model: string;
  /** As the provider names it. */
  upstreamModel: string;
  prices: Prices;
  contextTokens: number | null;
  maxCompletionTokens: number | null;
  quantization: string | null;
  /** null = nobody said. */
  supportedParameters: readonly string[] | null;
  dialects: readonly Dialect[];
  /** Answers in this process instead of over HTTP, in `chat`. */
  local: ((apiKey: string | null) => Promise<LocalUpstream>) | null;
}

export interface EndpointSources {
  config: GatewayConfig;
  resolve(slug: string): ResolvedModel;
  splitVariant(slug: string): { slug: string; variant: string | null };
  listingOf(provider: Provider): Listing | null;
  /** What speaks for a provider that has no dialect of ours; null = it does have one. */
  localOf(provider: Provider, model: string): Endpoint['local'];
}

export interface Directory {
  /** Endpoints for a model as a client names it, with the slug and variant that are recorded. */
  find(name: string): { model: string; variant: string | null; endpoints: Endpoint[] };
  /** Endpoints of every model that is known by name. */
  all(): Endpoint[];
  /** It has answered: from now on its model is known by name. */
  confirm(endpoint: Endpoint): void;
}

type Found = ReturnType<Directory['find']>;

/** Rests on what the providers listed when it was made. */
interface Index {
  key: readonly (Listing | null)[];
  byName: Map<string, Endpoint[]>;
  all: Endpoint[];
  found: Map<string, Found>;
}

export function createDirectory(sources: EndpointSources): Directory {
  const { config } = sources;
  const made = new Map<string, Endpoint>();
  let confirmed = 0;
  const make = (provider: Provider, upstreamModel: string, given: ModelFacts, isKnown = true): Endpoint => {
    const id = `${provider.slug}/${upstreamModel}`;
    const resolved = sources.resolve(given.slug ?? upstreamModel);
    const known = made.get(madeKey(id, resolved.model));
    if (known) return known;
    const endpoint: Endpoint = {
      id: isKnown ? id : `${provider.slug}/*`,
      isKnown,
      provider,
      model: resolved.model,
      upstreamModel,
      prices: pricesOf(given, provider, resolved),
      contextTokens: given.contextTokens ?? resolved.contextTokens,
      maxCompletionTokens: given.maxCompletionTokens ?? null,
      quantization: given.quantization ?? null,
      supportedParameters: given.supportedParameters ?? null,
      dialects: Object.keys(provider.urls) as Dialect[],
      local: sources.localOf(provider, upstreamModel),
    };
    if (isKnown && made.size < MOST_MADE) made.set(madeKey(id, endpoint.model), endpoint);
    return endpoint;
  };

  /** Endpoints that configuration or a listing names. */
  const namedBy = (provider: Provider): Endpoint[] => [
    ...provider.models.map((m) => make(provider, m.id ?? spell(provider, m.slug), m)),
    ...(sources.listingOf(provider)?.models ?? [])
      .filter((m) => !provider.models.some((configured) => configured.id === m.id))
      .map((m) => make(provider, m.id, m)),
  ];
  let index: Index | null = null;
  const indexed = (): Index => {
    if (index && config.providers.every((p, i) => sources.listingOf(p) === index?.key[i])) return index;
    const key = config.providers.map((p) => sources.listingOf(p));
    const all = [...new Set(config.providers.flatMap(namedBy))];
    const byName = new Map<string, Endpoint[]>();
    for (const endpoint of all)
      for (const name of new Set([endpoint.model, endpoint.upstreamModel.toLowerCase()]))
        byName.set(name, [...(byName.get(name) ?? []), endpoint]);
    index = { key, byName, all, found: new Map() };
    return index;
  };

  /** A preset is a setting that an aggregator keeps, behind the name of a model or in its place. */
  const ofPreset = (name: string, at: number): Found => {
    const model = at === 0 ? name : sources.resolve(name.slice(0, at)).model;
    const endpoints = config.providers
      .filter(isAggregator)
      .map((provider) => make(provider, name, { slug: model }, false));
    return { model, variant: null, endpoints };
  };

  return {
    all: () => indexed().all,
    confirm(endpoint) {
      if (endpoint.isKnown || confirmed >= MOST_CONFIRMED) return;
      confirmed++;
      endpoint.isKnown = true;
      endpoint.id = `${endpoint.provider.slug}/${endpoint.upstreamModel}`;
      made.set(madeKey(endpoint.id, endpoint.model), endpoint);
    },
    find(name) {
      const { byName, found } = indexed();
      const before = found.get(name);
      if (before) return before;
      // A local model's tag may look like a variant: what a provider really has counts first.
      const exact = byName.get(name.toLowerCase());
      if (exact)
        return {
          model: exact[0]?.model ?? name,
          variant: sources.splitVariant(name).variant,
          endpoints: exact,
        };
      const preset = name.indexOf(PRESET);
      if (preset >= 0) return ofPreset(name, preset);
      const { slug, variant } = sources.splitVariant(name);
      const resolved = sources.resolve(slug);
      const named = byName.get(resolved.model) ?? byName.get(slug.toLowerCase()) ?? [];
      const more = config.providers
        .filter((p) => !named.some((e) => e.provider === p))
        .flatMap((provider) => {
          const upstreamModel = guess(provider, slug, resolved, sources.listingOf(provider) !== null);
          return upstreamModel === null
            ? []
            : [make(provider, upstreamModel, { slug }, isCatalogued(slug, resolved))];
        });
      const sure = [
        ...named,
        ...more.filter((e) => e.provider.authors.length > 0 || slug.startsWith(`${e.provider.slug}/`)),
      ];
      const endpoints = sure.length > 0 ? sure : more;
      const answer = { model: endpoints[0]?.model ?? resolved.model, variant, endpoints };
      // Names that nobody knows may be anything that a client wrote: they are not kept.
      if (resolved.known && found.size < MOST_MADE && endpoints.every((e) => e.isKnown))
        found.set(copied(name), answer);
      return answer;
    },
  };
}

/** As in `author/slug@preset/name`, or `@preset/name` alone. */
const PRESET = '@preset/';

/** A provider may serve one model of its own under several slugs. */
const madeKey = (id: string, model: string): string => `${id} ${model}`;

const MOST_MADE = 20_000;
/** Of names that clients brought: some servers answer to any name. */
const MOST_CONFIRMED = 1000;

/** The catalog's own spelling, with or without the author: no other words of a client's. */
const isCatalogued = (slug: string, { known, model }: ResolvedModel): boolean =>
  known && (slug === model || model.endsWith(`/${slug}`));

/** The name under which a provider may have a model that neither configuration nor a listing tells of. */
function guess(provider: Provider, slug: string, resolved: ResolvedModel, isListed: boolean): string | null {
  const isOwn = provider.authors.includes(resolved.author);
  if (!isOwn && slug.toLowerCase().startsWith(`${provider.slug}/`))
    return slug.slice(provider.slug.length + 1);
  if (provider.models.length > 0) return null;
  if (isOwn) return spell(provider, slug);
  if (provider.authors.length > 0 || isListed) return null;
  const tellsWhatItHas = provider.preset !== null && provider.spelling !== 'slug' && provider.auth !== 'none';
  if (tellsWhatItHas || provider.sdk) return null;
  // An address of one's own, or an aggregator whose list did not come: it will say itself what it does not have.
  return provider.spelling === 'slug' ? resolved.model : slug;
}

/** `anthropic/claude-sonnet-4.5` → what the provider calls it. */
function spell(provider: Provider, slug: string): string {
  if (provider.spelling === 'slug') return slug;
  const name = provider.authors.length > 0 && slug.includes('/') ? slug.slice(slug.indexOf('/') + 1) : slug;
  return provider.spelling === 'dots-as-dashes' ? name.replaceAll('.', '-') : name;
}

/** Anthropic charges so much of the prompt's price for what its cache keeps for five minutes. */
const ANTHROPIC_WRITE = 1.25;
const times = (price: number | null, factor: number): number | null =>
  price === null ? null : price * factor;

/** Stated prices; else the list prices of the model, at its own author's provider only. */
function pricesOf(given: ModelFacts, provider: Provider, model: ResolvedModel): Prices {
  const factors = { ...provider.priceFactors, ...given.prices?.factors };
  if (given.prices) return { ...NO_PRICES, ...given.prices, factors };
  if (!provider.authors.includes(model.author)) return { ...NO_PRICES, factors };
  return {
    ...NO_PRICES,
    factors,
    longPrompt: longPromptOf(model.model),
    prompt: model.promptPrice,
    completion: model.completionPrice,
    cacheRead: model.cachedPrice,
    cacheWrite: provider.preset === 'anthropic' ? times(model.promptPrice, ANTHROPIC_WRITE) : null,
  };
}
