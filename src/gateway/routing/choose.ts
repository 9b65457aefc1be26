/** Puts the endpoints of a request in the order in which they are tried. */
import { hash } from 'node:crypto';
import { isAggregator, isNamed } from '../config/provider-names.ts';
import type { Dialect } from '../contract.ts';
import type { Bounds, Percentile, Preferences } from '../request/preferences.ts';
import type { Endpoint } from './endpoints.ts';
import type { Health, HealthSnapshot } from './health.ts';

export interface Choice {
  /** Endpoints in order. */
  endpoints: Endpoint[];
  /** Why endpoints were left out, by reason: what the error says when none is left. */
  leftOut: ReadonlyMap<string, number>;
}

export interface Asked {
  dialect: Dialect;
  preferences: Preferences;
  /** The suffix of the slug. */
  variant: string | null;
  parameters: readonly string[];
  /** Tokens of the prompt and of the longest answer, as far as known: an endpoint must have room for them. */
  promptTokens: number;
  /** The upstream is to hold the conversation. */
  threaded: boolean;
  /** Requests of one session keep to one endpoint, whose cache has read their prompt before. */
  session: string | null;
  /** Members that only an aggregator acts upon. */
  needs: readonly string[];
}

export interface ChooseTools {
  health: Pick<Health, 'hadOutage' | 'snapshot'>;
  /** An endpoint of these dialects can answer a client of that one. */
  speaks(endpoint: Endpoint, dialect: Dialect): boolean;
  /** In [0, 1). */
  random(): number;
  /** A provider of that name is configured. */
  isProvider(name: string): boolean;
}

/** A list of providers names this endpoint; names of nobody here are an aggregator's. */
const means = (name: string, e: Endpoint, tools: ChooseTools): boolean =>
  isNamed(e.provider, name) || (isAggregator(e.provider) && !tools.isProvider(name));

export function chooseEndpoints(all: readonly Endpoint[], asked: Asked, tools: ChooseTools): Choice {
  const leftOut = new Map<string, number>();
  const rules = reasonsToLeaveOut(asked, tools);
  const left = all.filter((endpoint) => {
    const reason = rules.find(([, test]) => test(endpoint))?.[0];
    if (reason) leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    return reason === undefined;
  });
  return { endpoints: inOrder(left, asked, tools), leftOut };
}

export const NO_THREADS = 'does not hold conversations (thread)';

export const NO_ADDITIONS = 'does not know plugins and presets';

/** Anthropic alone is known to: another one would take `thread` for nothing, and the newest messages for all. */
const holdsThreads = ({ provider, dialects }: Endpoint): boolean =>
  dialects.includes('messages') && provider.preset === 'anthropic';

type Rule = [reason: string, test: (endpoint: Endpoint) => boolean];

function reasonsToLeaveOut(
  { dialect, preferences: p, variant, parameters, promptTokens, threaded, needs }: Asked,
  tools: ChooseTools,
): Rule[] {
  const meant = (names: readonly string[], e: Endpoint) => names.some((n) => means(n, e, tools));
  const over = (price: number | null, most: number | undefined) =>
    most !== undefined && (price === null || price > most);
  return [
    ['does not speak this dialect', (e) => !tools.speaks(e, dialect)],
    [NO_THREADS, (e) => threaded && !holdsThreads(e)],
    [NO_ADDITIONS, (e) => needs.length > 0 && !isAggregator(e.provider)],
    ['not in provider.only', (e) => p.only !== null && !meant(p.only, e)],
    ['in provider.ignore', (e) => p.ignore.some((n) => isNamed(e.provider, n))],
    [
      'not in provider.order, and fallbacks are off',
      (e) => !p.allowFallbacks && p.order.length > 0 && !meant(p.order, e),
    ],
    [
      'may keep prompts, or does not say (provider.data_collection)',
      (e) => p.denyDataCollection && (e.provider.trainsOnData ?? !isAggregator(e.provider)),
    ],
    ['no zero data retention (provider.zdr)', (e) => p.zdr && !(e.provider.zdr ?? isAggregator(e.provider))],
    [
      'another quantization (provider.quantizations)',
      (e) =>
        p.quantizations !== null &&
        !(isAggregator(e.provider) && e.quantization === null) &&
        !p.quantizations.includes(e.quantization ?? 'unknown'),
    ],
    [
      'a price over provider.max_price, or unknown',
      (e) =>
        !isAggregator(e.provider) &&
        (over(e.prices.prompt, p.maxPrice.prompt) ||
          over(e.prices.completion, p.maxPrice.completion) ||
          (p.maxPrice.request !== undefined && (e.prices.request ?? 0) > p.maxPrice.request)),
    ],
    [
      'a parameter that it does not support (provider.require_parameters)',
      (e) =>
        p.requireParameters &&
        e.supportedParameters !== null &&
        !parameters.every((name) => supports(e, name)),
    ],
    ['too small a context', (e) => e.contextTokens !== null && promptTokens > 2 * e.contextTokens],
    [`no :${variant}`, (e) => needsUpstreamVariant(variant) && !servesVariant(e, variant)],
  ];
}

const SAME: Record<string, string> = {
  max_completion_tokens: 'max_tokens',
  reasoning_effort: 'reasoning',
  parallel_tool_calls: 'tools',
};
const supports = (e: Endpoint, parameter: string): boolean =>
  e.supportedParameters?.includes(parameter) === true ||
  e.supportedParameters?.includes(SAME[parameter] ?? '') === true;

/** Variants that the gateway cannot make by itself: an upstream sells them as models of their own. */
export const needsUpstreamVariant = (variant: string | null): boolean =>
  variant === 'free' || variant === 'online' || variant === 'extended' || variant === 'exacto';

/** OpenRouter knows all variants; any other endpoint is `free` if its price is zero, or has the variant in its name. */
function servesVariant(e: Endpoint, variant: string | null): boolean {
  if (isAggregator(e.provider) || e.upstreamModel.toLowerCase().endsWith(`:${variant}`)) return true;
  return variant === 'free' && e.prices.prompt === 0 && e.prices.completion === 0;
}

function inOrder(endpoints: readonly Endpoint[], asked: Asked, tools: ChooseTools): Endpoint[] {
  const { preferences: p, variant, session } = asked;
  const sort = p.sort ?? (variant === 'nitro' ? 'throughput' : variant === 'floor' ? 'price' : null);
  const snapshots = new Map<string, HealthSnapshot>();
  const seen = (e: Endpoint) => {
    const snapshot = snapshots.get(e.id) ?? tools.health.snapshot(e.id);
    snapshots.set(e.id, snapshot);
    return snapshot;
  };
  const wish = (e: Endpoint) => {
    const at = p.order.findIndex((n) => means(n, e, tools));
    return at < 0 ? p.order.length : at;
  };
  const hasPreferred = Object.keys(p.minThroughput).length + Object.keys(p.maxLatency).length > 0;
  const misses = (e: Endpoint) => hasPreferred && missesPreferred(seen(e), p);
  const unsure = (e: Endpoint) => p.requireParameters && e.supportedParameters === null;
  const draw = session === null ? tools.random : (e: Endpoint) => drawOf(session, e.id);
  const chance = new Map(weighted(endpoints, draw).map((e, i) => [e.id, i]));
  const value = (e: Endpoint): number => {
    if (sort === 'price') return blended(e) ?? Number.POSITIVE_INFINITY;
    if (sort === 'throughput') return -(seen(e).throughput?.p50 ?? 0);
    if (sort === 'latency') return seen(e).latency?.p50 ?? Number.POSITIVE_INFINITY;
    return chance.get(e.id) ?? 0;
  };
  const rank = (e: Endpoint) => [
    wish(e),
    Number(unsure(e)),
    Number(tools.health.hadOutage(e.id)),
    Number(misses(e)),
    value(e),
    chance.get(e.id) ?? 0,
  ];
  const ranks = new Map(endpoints.map((e) => [e.id, rank(e)]));
  return [...endpoints].sort((a, b) => compare(ranks.get(a.id) ?? [], ranks.get(b.id) ?? []));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** One price for the comparison: of three prompt tokens and one completion token. USD per million. */
function blended({ prices: { prompt, completion } }: Endpoint): number | null {
  return prompt === null || completion === null ? null : (3 * prompt + completion) / 4;
}

/**
 * A random order in which an endpoint's chance to come first is proportional to 1 / price². An unknown price counts as
 * the dearest known one; free endpoints come before all others.
 * @param draw a number in [0, 1) for each
 */
export function weighted(endpoints: readonly Endpoint[], draw: (e: Endpoint) => number): Endpoint[] {
  if (endpoints.length < 2) return [...endpoints];
  const known = endpoints.map(blended).filter((p) => p !== null);
  const dearest = known.length > 0 ? Math.max(...known) : 1;
  // Exponential race: the key of weight w is -ln(u) / w, the smallest key wins.
  const lots = endpoints.map((endpoint) => {
    const lot = draw(endpoint);
    return { endpoint, lot, key: -Math.log(1 - lot) * (blended(endpoint) ?? dearest) ** 2 };
  });
  // Between free ones the lot alone decides.
  return lots.sort((a, b) => a.key - b.key || a.lot - b.lot).map(({ endpoint }) => endpoint);
}

/**
 * The lot of an endpoint in a session: the same each time, on every node, and independent of which others there are. So
 * when one goes or comes, only sessions that were its own move.
 */
const drawOf = (session: string, endpoint: string): number =>
  hash('sha256', `${session}\n${endpoint}`, 'buffer').readUIntBE(0, 6) / 2 ** 48;

function missesPreferred(
  { latency, throughput }: HealthSnapshot,
  { minThroughput, maxLatency }: Preferences,
): boolean {
  const each = (bounds: Bounds, test: (p: Percentile, bound: number) => boolean) =>
    Object.entries(bounds).some(([p, bound]) => test(p as Percentile, bound));
  return (
    each(minThroughput, (p, bound) => throughput !== null && throughput[p] < bound) ||
    each(maxLatency, (p, bound) => latency !== null && latency[p] > bound * 1000)
  );
}
