/**
 * What `GET /models` leaves out and in which order it comes, in the contract's words. A filter that cannot be answered
 * here is refused: ignored, it would give models that were not asked for.
 */
import type { ResolvedModel } from '../catalog/contract.ts';
import { StateaiError } from '../generation/errors.ts';
import { isNamed } from './config/provider-names.ts';
import type { Endpoint } from './routing/endpoints.ts';
import type { HealthSnapshot } from './routing/health.ts';
import type { Prices } from './routing/model-facts.ts';

/** A model that can be called. */
export interface Listed {
  slug: string;
  facts: ResolvedModel;
  endpoints: readonly Endpoint[];
  /** The lowest known. */
  prices: Prices | null;
  contextTokens: number | null;
}

export type Query = Readonly<Record<string, string | string[] | undefined>>;
type Seen = (endpoint: string) => Pick<HealthSnapshot, 'latency' | 'throughput'>;

/** Filters of the contract that rest on what nobody tells a gateway. */
const UNANSWERED = [
  'category',
  'arch',
  'distillable',
  'region',
  ...['age_days', 'agentic_index', 'coding_index', 'intelligence_index', 'tool_success_rate'].flatMap(
    (of) => [`min_${of}`, `max_${of}`],
  ),
];

/** @throws `bad_request` for a filter that is not right, or cannot be answered */
export function filteredModels(all: readonly Listed[], query: Query, seen: Seen): readonly Listed[] {
  const unanswered = UNANSWERED.find((name) => query[name] !== undefined);
  if (unanswered) throw bad(`"${unanswered}" is a filter that cannot be answered here`);
  const text = (name: string): string | null => {
    const value = query[name];
    if (Array.isArray(value)) throw bad(`"${name}" is there twice`);
    return value?.toLowerCase() ?? null;
  };
  const list = (name: string): string[] => (text(name) ?? '').split(',').filter(Boolean);
  const number = (name: string): number | null => {
    const value = text(name);
    if (value === null) return null;
    if (value.trim() !== '' && Number(value) >= 0) return Number(value);
    throw bad(`"${name}" must be a number that is not negative`);
  };
  const between = (price: number | null | undefined, of: string): boolean => {
    const [least, most] = [number(`min_${of}`), number(`max_${of}`)];
    if (least === null && most === null) return true;
    return typeof price === 'number' && price >= (least ?? 0) && price <= (most ?? Number.POSITIVE_INFINITY);
  };
  const [wanted, context, words] = [list('supported_parameters'), number('context'), text('q')];
  const [authors, providers, zdr] = [list('model_authors'), list('providers'), text('zdr') === 'true'];
  const left = all.filter(
    ({ slug, facts, endpoints, prices, contextTokens }) =>
      (words === null || slug.toLowerCase().includes(words) || facts.name.toLowerCase().includes(words)) &&
      endpoints.some((e) => wanted.every((name) => e.supportedParameters?.includes(name))) &&
      (context === null || (contextTokens !== null && contextTokens >= context)) &&
      between(prices?.prompt, 'price') &&
      between(prices?.completion, 'output_price') &&
      (authors.length === 0 || authors.includes(slug.split('/', 1)[0] ?? '')) &&
      (providers.length === 0 ||
        endpoints.some((e) => providers.some((name) => isNamed(e.provider, name)))) &&
      (!zdr || endpoints.some((e) => e.provider.zdr === true)) &&
      speaksText(list('output_modalities')) &&
      speaksText(list('input_modalities')),
  );
  const sort = text('sort');
  return sort === null ? left : sorted(left, sort, seen);
}

/** Of no model anything else is known. */
const speaksText = (modalities: readonly string[]): boolean =>
  modalities.length === 0 || modalities.includes('text') || modalities.includes('all');

/** What is unknown comes last. */
function sorted(models: readonly Listed[], sort: string, seen: Seen): readonly Listed[] {
  const best = (of: (e: Endpoint) => number | null | undefined) => (m: Listed) => {
    const known = m.endpoints.map(of).filter((v) => typeof v === 'number');
    return known.length > 0 ? Math.min(...known) : null;
  };
  const price = ({ prices }: Listed) =>
    prices?.prompt === null || prices?.completion === null || !prices
      ? null
      : (prices.prompt + prices.completion) / 2;
  const minus = (value: number | null | undefined) => (typeof value === 'number' ? -value : null);
  const orders: Record<string, (m: Listed) => number | null> = {
    'pricing-low-to-high': price,
    'pricing-high-to-low': (m) => minus(price(m)),
    'context-high-to-low': (m) => minus(m.contextTokens),
    'throughput-high-to-low': best((e) => minus(seen(e.id).throughput?.p50)),
    'latency-low-to-high': best((e) => seen(e.id).latency?.p50),
    newest: (m) => (m.facts.released ? minus(Date.parse(m.facts.released)) : null),
  };
  const value = Object.hasOwn(orders, sort) ? orders[sort] : undefined;
  if (!value) throw bad(`"sort" must be one of ${Object.keys(orders).join(', ')}`);
  return models
    .map((model) => ({ model, at: value(model) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ model }) => model);
}

const bad = (message: string): StateaiError =>
  new StateaiError('bad_request', message, 'Correct the request.');
