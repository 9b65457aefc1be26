import { expect, test } from 'vitest';
import { loadCatalog } from '../../catalog/catalog.ts';
import { splitVariant } from '../../catalog/slug.ts';
import { resolveConfig } from '../config/config.ts';
import type { ConfigFile } from '../config/schema.ts';
import { createDirectory } from './endpoints.ts';
import { type Listing, readListing } from './listings.ts';

const catalog = await loadCatalog({ dataDir: '/nowhere' });
const directory = (
  file: ConfigFile,
  environment: Record<string, string> = {},
  listings: Record<string, Listing> = {},
) =>
  createDirectory({
    config: resolveConfig(file, environment),
    resolve: catalog.resolve,
    splitVariant,
    listingOf: (p) => listings[p.slug] ?? null,
    localOf: () => null,
  });
const names = (found: ReturnType<ReturnType<typeof directory>['find']>) =>
  found.endpoints.map((e) => `${e.provider.slug} ${e.upstreamModel}`);

test('a model goes to its author’s provider under the author’s own name', () => {
  const found = directory({}, { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', OPENROUTER_API_KEY: 'k' });
  expect(names(found.find('openai/gpt-4o'))).toEqual(['openai gpt-4o']);
  expect(names(found.find('anthropic/claude-sonnet-4.5'))).toEqual(['anthropic claude-sonnet-4-5']);
  // A client of the provider's own SDK uses the provider's own name.
  expect(found.find('claude-sonnet-4-5')).toMatchObject({ model: 'anthropic/claude-sonnet-4.5' });
  expect(names(found.find('gpt-4o'))).toEqual(['openai gpt-4o']);
});

test('an author’s own provider charges its list price, nobody else is assumed to', () => {
  const [own] = directory({}, { OPENAI_API_KEY: 'k' }).find('openai/gpt-4o').endpoints;
  expect(own?.prices).toMatchObject({ prompt: 2.5, completion: 10 });
  // Writing to the cache costs more than the prompt there.
  const [claude] = directory({}, { ANTHROPIC_API_KEY: 'k' }).find('anthropic/claude-sonnet-4.5').endpoints;
  expect(claude?.prices).toMatchObject({ prompt: 3, cacheRead: 0.3, cacheWrite: 3.75 });
  const [host] = directory({ providers: [{ slug: 'host', url: 'http://h/v1' }] }).find(
    'openai/gpt-4o',
  ).endpoints;
  expect(host?.prices).toMatchObject({ prompt: null, completion: null });
});

test('a list tells names, prices and context', () => {
  const listing = readListing(
    {
      data: [
        {
          id: 'openai/gpt-4o',
          context_length: 128_000,
          pricing: { prompt: '0.0000025', completion: '0.00001', input_cache_read: '0.00000125' },
          top_provider: { max_completion_tokens: 16_384 },
          supported_parameters: ['tools', 5],
        },
        { id: 'openrouter/auto', pricing: { prompt: '-1', completion: '-1' } },
        { nonsense: true },
        null,
      ],
    },
    { spelling: 'slug' },
  );
  expect(listing.models).toHaveLength(2);
  const found = directory({}, { OPENROUTER_API_KEY: 'k' }, { openrouter: listing });
  const [endpoint] = found.find('openai/gpt-4o').endpoints;
  expect(endpoint?.prices.prompt).toBeCloseTo(2.5, 9);
  expect(endpoint).toMatchObject({
    contextTokens: 128_000,
    maxCompletionTokens: 16_384,
    supportedParameters: ['tools'],
  });
  expect(found.find('openrouter/auto').endpoints[0]?.prices.prompt).toBeNull();
  expect(found.find('x/unheard-of').endpoints).toEqual([]);
});

test('several providers of one model are endpoints of it', () => {
  const found = directory({
    providers: [
      { slug: 'a', url: 'http://a/v1', models: [{ slug: 'deepseek/deepseek-chat', id: 'ds-v3' }] },
      { slug: 'b', url: 'http://b/v1', models: [{ slug: 'deepseek/deepseek-chat' }] },
    ],
  });
  expect(names(found.find('deepseek/deepseek-chat'))).toEqual(['a ds-v3', 'b deepseek/deepseek-chat']);
});

test('the provider’s slug in front addresses it', () => {
  const found = directory({
    providers: [
      { slug: 'mine', url: 'http://m/v1' },
      { slug: 'yours', url: 'http://y/v1' },
    ],
  });
  expect(names(found.find('mine/some/model'))).toEqual(['mine some/model']);
  // Without a list, an address of one's own is asked for anything.
  expect(names(found.find('anything'))).toEqual(['mine anything', 'yours anything']);
});

test('variants are taken off, tags of local models are not', () => {
  const found = directory(
    {},
    { OPENROUTER_API_KEY: 'k', OLLAMA_HOST: 'localhost:1' },
    {
      ollama: { models: [{ id: 'llama3.2:latest' }] },
    },
  );
  expect(found.find('openai/gpt-4o:nitro')).toMatchObject({ model: 'openai/gpt-4o', variant: 'nitro' });
  expect(names(found.find('llama3.2:latest'))).toEqual(['ollama llama3.2:latest']);
});

test('one model of a provider may have several slugs, each with its own price', () => {
  const models = [
    { slug: 'acme/fast', id: 'm-1', prices: { prompt: 1, completion: 2 } },
    { slug: 'acme/default', id: 'm-1', prices: { prompt: 3, completion: 4 } },
  ];
  const of = directory(
    { providers: [{ slug: 'p', url: 'http://p/v1', lists: true, models }] },
    {},
    { p: { models: [{ id: 'm-1' }, { id: 'm-2' }] } },
  );
  expect(of.find('acme/fast').endpoints.map((e) => e.prices.prompt)).toEqual([1]);
  expect(of.find('acme/default').endpoints.map((e) => e.prices.prompt)).toEqual([3]);
  expect(of.all().map((e) => e.model)).toEqual(['acme/fast', 'acme/default', 'm-2']);
});
