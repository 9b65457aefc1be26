/** The `provider` member of a request: which endpoints a client accepts, and in what order. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { StateaiError } from '../../generation/errors.ts';

const Names = Type.Union([Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 }), Type.Null()]);
const Flag = Type.Union([Type.Boolean(), Type.Null()]);
const SortBy = Type.Enum(['price', 'throughput', 'latency', 'exacto']);
const Price = Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^\\d+(\\.\\d+)?$' })]);
const Percentile = Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);
const Percentiles = Type.Union([
  Percentile,
  Type.Object({
    p50: Type.Optional(Percentile),
    p75: Type.Optional(Percentile),
    p90: Type.Optional(Percentile),
    p99: Type.Optional(Percentile),
  }),
]);

const ProviderMember = Type.Object({
  order: Type.Optional(Names),
  only: Type.Optional(Names),
  ignore: Type.Optional(Names),
  allow_fallbacks: Type.Optional(Flag),
  require_parameters: Type.Optional(Flag),
  data_collection: Type.Optional(Type.Union([Type.Enum(['allow', 'deny']), Type.Null()])),
  zdr: Type.Optional(Flag),
  quantizations: Type.Optional(Names),
  sort: Type.Optional(
    Type.Union([
      SortBy,
      Type.Null(),
      Type.Object({
        by: Type.Optional(Type.Union([SortBy, Type.Null()])),
        partition: Type.Optional(Type.Union([Type.Enum(['model', 'none']), Type.Null()])),
      }),
    ]),
  ),
  max_price: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Object({
        prompt: Type.Optional(Price),
        completion: Type.Optional(Price),
        image: Type.Optional(Price),
        audio: Type.Optional(Price),
        request: Type.Optional(Price),
      }),
    ]),
  ),
  preferred_min_throughput: Type.Optional(Percentiles),
  preferred_max_latency: Type.Optional(Percentiles),
});
type ProviderMember = Static<typeof ProviderMember>;

export type Percentile = 'p50' | 'p75' | 'p90' | 'p99';
/** Bounds by percentile; a plain number is one on the median. */
export type Bounds = Partial<Record<Percentile, number>>;

export interface Preferences {
  order: readonly string[];
  only: readonly string[] | null;
  ignore: readonly string[];
  allowFallbacks: boolean;
  requireParameters: boolean;
  /** Leave out providers that may keep prompts. */
  denyDataCollection: boolean;
  zdr: boolean;
  quantizations: readonly string[] | null;
  sort: 'price' | 'throughput' | 'latency' | null;
  /** Sort the endpoints of all models together instead of model by model. */
  acrossModels: boolean;
  /** USD per million tokens; `request` and `image` USD each. */
  maxPrice: { prompt?: number; completion?: number; request?: number; image?: number };
  /** Tokens a second. */
  minThroughput: Bounds;
  /** Seconds. */
  maxLatency: Bounds;
}

/** @throws `bad_request` naming the field */
export function readPreferences(given: unknown): Preferences {
  return given === undefined || given === null ? NONE : read(given);
}

function read(value: unknown): Preferences {
  if (!Value.Check(ProviderMember, value)) {
    const [first] = Value.Errors(ProviderMember, value);
    const field = ['provider', ...(first?.instancePath ?? '').split('/').filter(Boolean)].join('.');
    throw new StateaiError(
      'bad_request',
      `"${field}" ${first?.message ?? 'is wrong'}`,
      'Correct the request.',
    );
  }
  const p: ProviderMember = value;
  const sort = typeof p.sort === 'string' ? { by: p.sort } : p.sort;
  return {
    order: lower(p.order),
    only: p.only ? lower(p.only) : null,
    ignore: lower(p.ignore),
    allowFallbacks: p.allow_fallbacks ?? true,
    requireParameters: p.require_parameters ?? false,
    denyDataCollection: p.data_collection === 'deny',
    zdr: p.zdr ?? false,
    quantizations: p.quantizations ? lower(p.quantizations) : null,
    sort: sort?.by && sort.by !== 'exacto' ? sort.by : null,
    acrossModels: sort?.partition === 'none',
    maxPrice: numbers(p.max_price),
    minThroughput: bounds(p.preferred_min_throughput),
    maxLatency: bounds(p.preferred_max_latency),
  };
}

const lower = (names: readonly string[] | null | undefined): string[] =>
  (names ?? []).map((n) => n.toLowerCase());

const numbers = (prices: ProviderMember['max_price']): Preferences['maxPrice'] =>
  Object.fromEntries(Object.entries(prices ?? {}).map(([k, v]) => [k, Number(v)]));

function bounds(given: ProviderMember['preferred_max_latency']): Bounds {
  if (given === null || given === undefined) return {};
  if (typeof given === 'number') return { p50: given };
  return Object.fromEntries(Object.entries(given).filter(([, v]) => typeof v === 'number')) as Bounds;
}

/** Most requests have none. */
const NONE = read({});
