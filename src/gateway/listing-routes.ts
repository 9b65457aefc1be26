/** Models, endpoints and providers as the gateway has them, in the contract's shapes; numbers are measured or null. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { secretOf } from '../accounts/caller-secret.ts';
import { mayUse } from '../accounts/limits.ts';
import type { ResolvedModel } from '../catalog/contract.ts';
import { StateaiError } from '../generation/errors.ts';
import type { Gateway } from './gateway.ts';
import { filteredModels, type Listed, type Query } from './listing-filters.ts';
import { requireLoopback } from './request/loopback.ts';
import type { Endpoint } from './routing/endpoints.ts';
import type { Prices } from './routing/model-facts.ts';

/** To be registered under `/api/v1`. */
export const listingRoutes = (gateway: Gateway) => async (app: FastifyInstance) => {
  const schema = { hide: true };
  const models = ({ query }: FastifyRequest) =>
    filteredModels(modelsOf(gateway), query as Query, (id) => gateway.health.snapshot(id));
  const bodies = (request: FastifyRequest, all: readonly Listed[]) => {
    const { data, ...rest } = page(all, request);
    return { data: data.map(modelBody), ...rest };
  };

  app.get('/models', { schema }, (request) => bodies(request, models(request)));
  // Those that the key may use.
  app.get('/models/user', { schema }, async (request) => {
    const caller = await gateway.accounts.authenticate(secretOf(request.headers));
    if (caller.key === null) requireLoopback(request.headers);
    return bodies(
      request,
      models(request).filter(({ slug }) => mayUse(caller, slug)),
    );
  });
  app.get('/models/count', { schema }, (request) => ({ data: { count: models(request).length } }));

  // A local model's name may have no slash, or several.
  app.get('/models/*', { schema }, (request, reply) => {
    const { '*': path } = request.params as { '*': string };
    if (!path.endsWith('/endpoints')) return reply.callNotFound();
    const name = path.slice(0, -'/endpoints'.length);
    const { endpoints } = gateway.upstreams().directory.find(name);
    const [first] = endpoints;
    if (!first)
      throw new StateaiError(
        'not_found',
        'No provider serves this model',
        'GET /api/v1/models lists what there is.',
      );
    const facts = gateway.catalog.resolve(first.model);
    return {
      data: {
        id: first.model,
        name: facts.name,
        created: createdOf(facts),
        description: '',
        architecture: architecture(),
        endpoints: endpoints.map((e) => endpointBody(gateway, e, facts)),
      },
    };
  });

  app.get('/providers', { schema }, () => ({
    data: providersOf(gateway).map(({ slug, name }) => ({
      slug,
      name,
      privacy_policy_url: null,
      terms_of_service_url: null,
      status_page_url: null,
      headquarters: null,
      datacenters: null,
    })),
  }));
};

/** Providers, the sandbox among them where it answers. */
function providersOf(gateway: Gateway): { slug: string; name: string }[] {
  const { config, directory } = gateway.upstreams();
  const all = [...config.providers, ...directory.all().map((e) => e.provider)];
  return [...new Map(all.map((p) => [p.slug, { slug: p.slug, name: p.name }])).values()];
}

/** Models that can be called: those that configuration and listings name, and the catalog's of authors that are served. */
function modelsOf(gateway: Gateway): Listed[] {
  const { directory, config } = gateway.upstreams();
  const bySlug = new Map<string, Endpoint[]>();
  for (const endpoint of directory.all())
    bySlug.set(endpoint.model, [...(bySlug.get(endpoint.model) ?? []), endpoint]);
  const unlisted = new Set(
    config.providers
      .filter((p) => p.models.length === 0 && !listed(gateway, p.slug))
      .flatMap((p) => p.authors),
  );
  for (const model of gateway.catalog.models())
    if (unlisted.has(model.author) && !bySlug.has(model.model))
      bySlug.set(model.model, directory.find(model.model).endpoints);
  return [...bySlug].flatMap(([slug, endpoints]) =>
    endpoints[0] ? [listedOf(slug, endpoints, gateway.catalog.resolve(slug))] : [],
  );
}

const listed = (gateway: Gateway, provider: string): boolean => {
  const { config, listings } = gateway.upstreams();
  return config.providers.some((p) => p.slug === provider && listings.of(p) !== null);
};

function listedOf(slug: string, endpoints: readonly Endpoint[], facts: ResolvedModel): Listed {
  const [best] = [...endpoints].sort((a, b) => (a.prices.prompt ?? Infinity) - (b.prices.prompt ?? Infinity));
  const contextTokens = largest(endpoints.map((e) => e.contextTokens)) ?? facts.contextTokens;
  return { slug, facts, endpoints, prices: best?.prices ?? null, contextTokens };
}

function modelBody({ slug, facts, endpoints, prices, contextTokens }: Listed): object {
  return {
    id: slug,
    canonical_slug: slug,
    name: facts.name,
    created: createdOf(facts),
    description: '',
    context_length: contextTokens,
    architecture: architecture(),
    pricing: pricing(prices),
    top_provider: {
      context_length: contextTokens,
      max_completion_tokens: largest(endpoints.map((e) => e.maxCompletionTokens)),
      is_moderated: false,
    },
    per_request_limits: null,
    supported_parameters: [...new Set(endpoints.flatMap((e) => e.supportedParameters ?? []))].sort(),
    supported_voices: null,
    default_parameters: null,
    hugging_face_id: null,
    knowledge_cutoff: null,
    expiration_date: null,
    links: { details: `/api/v1/models/${slug.split('/').map(encodeURIComponent).join('/')}/endpoints` },
  };
}

function endpointBody(gateway: Gateway, e: Endpoint, facts: ResolvedModel): object {
  const { uptime, latency, throughput, restsUntil } = gateway.health.snapshot(e.id);
  const percent = (share: number | null) => (share === null ? null : Math.round(share * 1e4) / 100);
  return {
    name: `${e.provider.name} | ${e.model}`,
    model_id: e.model,
    model_name: facts.name,
    provider_name: e.provider.name,
    tag: e.provider.slug,
    context_length: e.contextTokens ?? facts.contextTokens ?? 0,
    pricing: pricing(e.prices),
    quantization: e.quantization,
    max_completion_tokens: e.maxCompletionTokens,
    max_prompt_tokens: null,
    supported_parameters: e.supportedParameters ?? [],
    supports_tool_choice: toolChoice(e),
    // OpenRouter's scale: 0 is well, below is not.
    status: restsUntil === null ? 0 : -1,
    uptime_last_5m: percent(uptime.last5m),
    uptime_last_30m: percent(uptime.last30m),
    uptime_last_1d: percent(uptime.last1d),
    latency_last_30m: latency,
    throughput_last_30m: throughput,
    supports_implicit_caching: false,
  };
}

/** The contract wants a yes or no; a choice is passed on where nobody says that it is not supported. */
function toolChoice({ supportedParameters }: Endpoint): Record<string, boolean> {
  const is = supportedParameters?.includes('tool_choice') ?? true;
  return { auto: is, none: is, required: is, function: is };
}

const architecture = () => ({
  modality: 'text->text',
  input_modalities: ['text'],
  output_modalities: ['text'],
  // A closed list of names in the contract, of which this one says that it is none of the others.
  tokenizer: 'Other',
  instruct_type: null,
});

/** Strings, USD per token. A model without a known price says -1, as OpenRouter does where it varies. */
function pricing(prices: Prices | null): Record<string, string> {
  const perToken = (price: number | null | undefined) =>
    price === null || price === undefined ? null : plain(price / 1e6);
  const known = {
    prompt: perToken(prices?.prompt) ?? '-1',
    completion: perToken(prices?.completion) ?? '-1',
    request: prices?.request === null || prices?.request === undefined ? null : plain(prices.request),
    input_cache_read: perToken(prices?.cacheRead),
    input_cache_write: perToken(prices?.cacheWrite),
  };
  return Object.fromEntries(Object.entries(known).filter(([, v]) => v !== null)) as Record<string, string>;
}

/** Without an exponent and without trailing zeros. */
const plain = (value: number): string => value.toFixed(15).replace(/\.?0+$/, '') || '0';

const largest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((v) => v !== null);
  return known.length > 0 ? Math.max(...known) : null;
};

const createdOf = ({ released }: ResolvedModel): number =>
  released && /^\d{4}-\d{2}-\d{2}$/.test(released) ? Date.parse(released) / 1000 : 0;

/** `offset` and `limit`; without a limit, all. */
function page(all: readonly Listed[], { query, url }: FastifyRequest) {
  const { offset, limit } = query as { offset?: string; limit?: string };
  const from = count(offset, 'offset') ?? 0;
  const size = count(limit, 'limit') ?? all.length;
  const rest = new URL(url, 'http://localhost');
  rest.searchParams.set('offset', String(from + size));
  rest.searchParams.set('limit', String(size));
  const next = from + size < all.length ? `${rest.pathname}${rest.search}` : null;
  return { data: all.slice(from, from + size), links: { next }, total_count: all.length };
}

function count(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= (name === 'limit' ? 1 : 0)) return value;
  throw new StateaiError('bad_request', `"${name}" must be a whole number`, 'Correct the request.');
}
