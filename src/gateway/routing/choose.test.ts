import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNamed } from '../config/provider-names.ts';
import { readPreferences } from '../request/preferences.ts';
import { type Asked, chooseEndpoints, weighted } from './choose.ts';
import type { Endpoint } from './endpoints.ts';
import { createHealth, type HealthSnapshot } from './health.ts';
import { NO_PRICES } from './model-facts.ts';

type Given = Partial<Omit<Endpoint, 'prices' | 'provider'>> & {
  prompt?: number;
  completion?: number;
  provider?: Partial<Endpoint['provider']>;
};
function endpoint(slug: string, { prompt, completion, provider, ...more }: Given = {}): Endpoint {
  return {
    id: `${slug}/m`,
    isKnown: true,
    provider: {
      slug,
      preset: null,
      keepsReasoning: false,
      priceFactors: {},
      name: slug.toUpperCase(),
      urls: { chat: 'http://x/v1' },
      sdk: null,
      apiKey: null,
      auth: 'bearer',
      headers: {},
      authors: [],
      spelling: null,
      lists: false,
      models: [],
      region: null,
      trainsOnData: null,
      zdr: null,
      keySource: null,
      ...provider,
    },
    model: 'a/m',
    upstreamModel: 'm',
    prices: { ...NO_PRICES, prompt: prompt ?? null, completion: completion ?? prompt ?? null },
    contextTokens: null,
    maxCompletionTokens: null,
    quantization: null,
    supportedParameters: null,
    dialects: ['chat'],
    local: null,
    ...more,
  };
}

const quiet: HealthSnapshot = {
  uptime: { last5m: null, last30m: null, last1d: null },
  latency: null,
  throughput: null,
  requests1d: 0,
  restsUntil: null,
};
const p = (value: number) => ({ p50: value, p75: value, p90: value, p99: value });

function order(
  endpoints: Endpoint[],
  provider: object = {},
  more: Partial<Asked> = {},
  health: { outage?: string[]; seen?: Record<string, Partial<HealthSnapshot>> } = {},
) {
  const { endpoints: chosen, leftOut } = chooseEndpoints(
    endpoints,
    {
      dialect: 'chat',
      preferences: readPreferences(provider),
      variant: null,
      parameters: [],
      promptTokens: 10,
      threaded: false,
      session: null,
      needs: [],
      ...more,
    },
    {
      health: {
        hadOutage: (id) => health.outage?.includes(id) ?? false,
        snapshot: (id) => ({ ...quiet, ...health.seen?.[id] }),
      },
      speaks: (e, d) => e.dialects.includes(d),
      isProvider: (name) => endpoints.some((e) => isNamed(e.provider, name)),
      random: () => 0.5,
    },
  );
  return { slugs: chosen.map((e) => e.provider.slug), reasons: [...leftOut.keys()].join('; ') };
}

const [cheap, dear, other] = [
  endpoint('cheap', { prompt: 1 }),
  endpoint('dear', { prompt: 10 }),
  endpoint('other', { prompt: 3 }),
];
const all = [dear, cheap, other];

test('by default the cheaper comes first, and an endpoint with a recent outage last', () => {
  expect(order(all).slugs).toEqual(['cheap', 'other', 'dear']);
  expect(order(all, {}, {}, { outage: ['cheap/m'] }).slugs).toEqual(['other', 'dear', 'cheap']);
});

test('between free endpoints the lot decides', () => {
  const free = [endpoint('one', { prompt: 0 }), endpoint('two', { prompt: 0 })];
  const lots = new Map([
    ['one/m', 0.9],
    ['two/m', 0.1],
  ]);
  const first = weighted(free, (e) => lots.get(e.id) ?? 0)[0];
  expect(first?.provider.slug).toBe('two');
});

test('order comes first, the others are fallbacks unless they are off', () => {
  expect(order(all, { order: ['dear'] }).slugs).toEqual(['dear', 'cheap', 'other']);
  expect(order(all, { order: ['OTHER', 'dear'] }).slugs).toEqual(['other', 'dear', 'cheap']);
  expect(order(all, { order: ['dear', 'other'], allow_fallbacks: false }).slugs).toEqual(['dear', 'other']);
});

test('only and ignore', () => {
  expect(order(all, { only: ['other', 'dear'] }).slugs).toEqual(['other', 'dear']);
  expect(order(all, { ignore: ['cheap'] }).slugs).toEqual(['other', 'dear']);
  expect(order(all, { only: ['nobody'] })).toMatchObject({
    slugs: [],
    reasons: expect.stringMatching(/only/),
  });
});

test('sorting by price, throughput, latency, and the variants that mean the same', () => {
  const health = {
    seen: {
      'dear/m': { throughput: p(300), latency: p(50) },
      'other/m': { throughput: p(100), latency: p(900) },
    },
  };
  expect(order(all, { sort: 'price' }).slugs[0]).toBe('cheap');
  expect(order(all, {}, { variant: 'floor' }).slugs[0]).toBe('cheap');
  expect(order(all, { sort: { by: 'throughput' } }, {}, health).slugs).toEqual(['dear', 'other', 'cheap']);
  expect(order(all, {}, { variant: 'nitro' }, health).slugs[0]).toBe('dear');
  expect(order(all, { sort: 'latency' }, {}, health).slugs).toEqual(['dear', 'other', 'cheap']);
});

test('the highest price accepts no unknown price', () => {
  const endpoints = [...all, endpoint('unknown')];
  expect(order(endpoints, { max_price: { prompt: 3 } }).slugs).toEqual(['cheap', 'other']);
  expect(order(endpoints, { max_price: { prompt: '3', completion: 1 } }).slugs).toEqual(['cheap']);
});

test('data collection and zero retention need a provider that says so', () => {
  const endpoints = [
    endpoint('silent'),
    endpoint('keeps', { provider: { trainsOnData: true } }),
    endpoint('forgets', { provider: { trainsOnData: false, zdr: true } }),
  ];
  expect(order(endpoints, { data_collection: 'deny' }).slugs).toEqual(['forgets']);
  expect(order(endpoints, { zdr: true }).slugs).toEqual(['forgets']);
  expect(order(endpoints, { data_collection: 'allow' }).slugs).toHaveLength(3);
});

test('quantizations, with unknown as one of them', () => {
  const endpoints = [endpoint('a', { quantization: 'fp8' }), endpoint('b')];
  expect(order(endpoints, { quantizations: ['fp8'] }).slugs).toEqual(['a']);
  expect(order(endpoints, { quantizations: ['unknown', 'bf16'] }).slugs).toEqual(['b']);
});

test('required parameters: who does not have them is out, who does not say comes last', () => {
  const endpoints = [
    endpoint('silent'),
    endpoint('lacks', { supportedParameters: ['temperature'] }),
    endpoint('has', { supportedParameters: ['tools', 'temperature', 'max_tokens'] }),
  ];
  const asked = { parameters: ['tools', 'max_completion_tokens', 'parallel_tool_calls'] };
  expect(order(endpoints, { require_parameters: true }, asked).slugs).toEqual(['has', 'silent']);
  expect(order(endpoints, {}, asked).slugs).toHaveLength(3);
});

test('wishes for speed move endpoints back, they do not exclude them', () => {
  const seen = { 'cheap/m': { throughput: { ...p(50), p90: 10 }, latency: p(2000) } };
  expect(order(all, { preferred_min_throughput: { p90: 20 } }, {}, { seen }).slugs.at(-1)).toBe('cheap');
  expect(order(all, { preferred_max_latency: 1 }, {}, { seen }).slugs.at(-1)).toBe('cheap');
  expect(order(all, { preferred_max_latency: 3 }, {}, { seen }).slugs[0]).toBe('cheap');
});

test('a prompt that cannot fit, a dialect that is not spoken, a variant that nobody has', () => {
  expect(order([endpoint('small', { contextTokens: 100 })], {}, { promptTokens: 1000 }).reasons).toMatch(
    /context/,
  );
  expect(order(all, {}, { dialect: 'embeddings' }).reasons).toMatch(/dialect/);
  const free = endpoint('gratis', { prompt: 0 });
  expect(order([...all, free], {}, { variant: 'free' }).slugs).toEqual(['gratis']);
  expect(order(all, {}, { variant: 'online' }).reasons).toMatch(/:online/);
});

test('endpoints come first about as often as 1 / price² says', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const first = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) {
    const slug = weighted(all, random)[0]?.provider.slug ?? '';
    first.set(slug, (first.get(slug) ?? 0) + 1);
  }
  const sum = 1 + 1 / 9 + 1 / 100;
  expect((first.get('cheap') ?? 0) / 20_000).toBeCloseTo(1 / sum, 1);
  expect((first.get('other') ?? 0) / 20_000).toBeCloseTo(1 / 9 / sum, 1);
  expect((first.get('dear') ?? 0) / 20_000).toBeCloseTo(1 / 100 / sum, 2);
});

test('nothing is lost and nothing is doubled by putting endpoints in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.double({ min: 0, max: 50, noNaN: true }), { nil: undefined }), { maxLength: 12 }),
      (prices) => {
        const endpoints = prices.map((prompt, i) =>
          endpoint(`p${i}`, prompt === undefined ? {} : { prompt }),
        );
        expect(order(endpoints, { sort: 'price' }).slugs.sort()).toEqual(
          endpoints.map((e) => e.provider.slug).sort(),
        );
      },
    ),
  );
});

test('an endpoint rests after failures in a row, lets one try through, and comes back', () => {
  let now = 1e12;
  const health = createHealth({ failuresToOpen: 3, coolDownMs: 1000, now: () => now });
  for (let i = 0; i < 2; i++) health.failed('e');
  expect(health.available('e')).toBe(true);
  health.failed('e');
  expect(health.available('e')).toBe(false);
  expect(health.restMs('e')).toBe(1000);
  now += 1000;
  // Looking changes nothing; beginning does.
  expect(health.available('e') && health.available('e')).toBe(true);
  health.begun('e');
  expect(health.available('e')).toBe(false);
  // The try fails: it rests twice as long.
  health.failed('e');
  expect(health.restMs('e')).toBe(2000);
  now += 2000;
  expect(health.available('e')).toBe(true);
  health.succeeded('e', { latencyMs: 5, tokensPerSecond: null });
  expect(health.available('e') && health.available('e')).toBe(true);
});

test('requests that fail together, being on their way already or tried again at once, are one reason to rest', () => {
  let now = 1e12;
  const health = createHealth({ failuresToOpen: 3, coolDownMs: 1000, now: () => now });
  for (let i = 0; i < 50; i++) health.failed('e');
  for (let i = 0; i < 50; i++) {
    health.begun('e');
    health.failed('e');
  }
  expect(health.restMs('e')).toBe(1000);
  for (const seconds of [20, 30, 10]) health.failed('e', seconds * 1000);
  expect(health.restMs('e')).toBe(30_000);
  now += 30_000;
  expect(health.available('e')).toBe(true);
  health.begun('e');
  health.failed('e');
  expect(health.restMs('e')).toBe(2000);
});

test('uptime, latency and throughput are what was measured, in their windows; nothing measured is null', () => {
  let now = 1e12;
  const health = createHealth({ failuresToOpen: 100, coolDownMs: 1000, now: () => now });
  expect(health.snapshot('e')).toMatchObject({ uptime: { last5m: null }, latency: null, throughput: null });
  for (let i = 1; i <= 3; i++) health.succeeded('e', { latencyMs: i * 100, tokensPerSecond: i * 10 });
  health.failed('e');
  expect(health.snapshot('e')).toMatchObject({
    uptime: { last5m: 0.75, last30m: 0.75, last1d: 0.75 },
    latency: { p50: 200, p99: 300 },
    // As with latency, nearly all are better than the last: so many tokens a second at least.
    throughput: { p50: 20, p99: 10 },
  });
  now += 10 * 60_000;
  health.succeeded('e', { latencyMs: 1, tokensPerSecond: null });
  expect(health.snapshot('e').uptime).toEqual({ last5m: 1, last30m: 0.8, last1d: 0.8 });
  now += 25 * 3_600_000;
  expect(health.snapshot('e')).toMatchObject({ uptime: { last1d: null }, latency: null });
});

test.each([
  [{ only: ['deepinfra'] }, ['or']],
  [{ only: ['direct', 'deepinfra'] }, ['direct', 'or']],
  [{ only: ['direct'] }, ['direct']],
  [{ order: ['deepinfra'], allow_fallbacks: false }, ['or']],
  [{ order: ['deepinfra', 'direct'] }, ['or', 'direct']],
  [{ order: ['direct'], allow_fallbacks: false }, ['direct']],
  [{ ignore: ['deepinfra'] }, ['direct', 'or']],
  [{ ignore: ['or'] }, ['direct']],
  [{ zdr: true }, ['or']],
  [{ data_collection: 'deny' }, ['or']],
  [{ quantizations: ['fp8'] }, ['or']],
  [{ max_price: { prompt: 1 } }, ['or']],
])('an aggregator gets what is meant for providers of its own: %j', (provider, expected) => {
  const aggregator = endpoint('or', { prompt: 5, provider: { spelling: 'slug' } });
  const direct = endpoint('direct', { prompt: 1.5 });
  expect(order([aggregator, direct], provider).slugs).toEqual(expected);
});
