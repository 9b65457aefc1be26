/** Every way that a model's name comes in, and what it must never be taken for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from './catalog.ts';
import { cleanSlug, splitVariant, withoutSnapshotDate } from './slug.ts';

const catalog = await loadCatalog({ dataDir: '/nonexistent' });
const known = [
  // The vendors' own names, with and without dates
  ['claude-opus-4-5-20251101', 'anthropic/claude-opus-4.5'],
  ['claude-opus-4-6', 'anthropic/claude-opus-4.6'],
  ['claude-opus-4-1-20250805', 'anthropic/claude-opus-4.1'],
  ['claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4'],
  ['claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4.5'],
  ['claude-haiku-4-5-20251001', 'anthropic/claude-haiku-4.5'],
  ['claude-3-5-sonnet-20241022', 'anthropic/claude-3.5-sonnet'],
  ['claude-3-7-sonnet-latest', 'anthropic/claude-3.7-sonnet'],
  ['claude-opus-4-0', 'anthropic/claude-opus-4'],
  ['gpt-4o-2024-08-06', 'openai/gpt-4o'],
  ['gpt-4-0613', 'openai/gpt-4'],
  ['gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['models/gemini-2.0-flash-001', 'google/gemini-2.0-flash'],
  ['grok-4-0709', 'x-ai/grok-4'],
  ['deepseek-chat', 'deepseek/deepseek-chat'],
  ['ft:gpt-4o-mini-2024-07-18:acme::abc', 'openai/gpt-4o-mini'],
  // Claude in both word orders, with dashes and with points
  ['anthropic/claude-4.5-sonnet-20250929', 'anthropic/claude-sonnet-4.5'],
  ['claude-sonnet-4.5', 'anthropic/claude-sonnet-4.5'],
  ['claude-sonnet-4-5', 'anthropic/claude-sonnet-4.5'],
  ['anthropic/claude-4.8-opus-20260528', 'anthropic/claude-opus-4.8'],
  // OpenRouter's dated pages and variants; a date that is a model of its own
  ['deepseek/deepseek-v4-flash-20260423', 'deepseek/deepseek-v4-flash'],
  ['openai/gpt-5-2025-08-07', 'openai/gpt-5'],
  ['moonshotai/kimi-k2.5-0127', 'moonshotai/kimi-k2.5'],
  ['qwen/qwen3-235b-a22b-07-25', 'qwen/qwen3-235b-a22b-2507'],
  ['deepseek/deepseek-chat-v3-0324:free', 'deepseek/deepseek-chat-v3-0324'],
  ['deepseek/deepseek-v3-0324', 'deepseek/deepseek-chat-v3-0324'],
  ['anthropic/claude-3.7-sonnet:thinking', 'anthropic/claude-3.7-sonnet'],
  ['z-ai/glm-4.6-20251208', 'z-ai/glm-4.6v'],
  // Clouds
  ['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'anthropic/claude-3.5-sonnet'],
  ['bedrock/anthropic.claude-3-haiku-20240307-v1:0', 'anthropic/claude-3-haiku'],
  ['anthropic.claude-v2:1', 'anthropic/claude-2.1'],
  ['us.meta.llama3-3-70b-instruct-v1:0', 'meta-llama/llama-3.3-70b-instruct'],
  ['amazon.nova-pro-v1:0', 'amazon/nova-pro-v1'],
  ['openai.gpt-oss-120b-1:0', 'openai/gpt-oss-120b'],
  [
    'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0',
    'anthropic/claude-sonnet-4',
  ],
  ['claude-sonnet-4@20250514', 'anthropic/claude-sonnet-4'],
  ['projects/p/locations/l/publishers/google/models/gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['azure/gpt-4o', 'openai/gpt-4o'],
  ['gpt-35-turbo', 'openai/gpt-3.5-turbo'],
  // Gateways' prefixes
  ['vertex_ai/gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['gemini/gemini-2.5-flash', 'google/gemini-2.5-flash'],
  ['groq/openai/gpt-oss-120b', 'openai/gpt-oss-120b'],
  ['groq/llama-3.3-70b-versatile', 'meta-llama/llama-3.3-70b-instruct'],
  ['together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo', 'meta-llama/llama-3.3-70b-instruct'],
  ['openai/deepseek-chat', 'deepseek/deepseek-chat'],
  ['accounts/fireworks/models/deepseek-v3', 'deepseek/deepseek-chat'],
  ['accounts/fireworks/models/llama-v3p3-70b-instruct', 'meta-llama/llama-3.3-70b-instruct'],
  // Hugging Face
  ['meta-llama/Meta-Llama-3.1-8B-Instruct', 'meta-llama/llama-3.1-8b-instruct'],
  ['meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8', 'meta-llama/llama-4-maverick'],
  ['Qwen/Qwen2.5-72B-Instruct', 'qwen/qwen-2.5-72b-instruct'],
  ['Qwen/Qwen3-235B-A22B-Instruct-2507', 'qwen/qwen3-235b-a22b-2507'],
  ['moonshotai/Kimi-K2-Instruct-0905', 'moonshotai/kimi-k2-0905'],
  ['zai-org/GLM-4.6', 'z-ai/glm-4.6'],
  ['alibaba/qwen3-max', 'qwen/qwen3-max'],
  // Ollama, where the colon names a size
  ['llama3.3:70b', 'meta-llama/llama-3.3-70b-instruct'],
  ['llama3.1:8b-instruct-q4_K_M', 'meta-llama/llama-3.1-8b-instruct'],
  ['ollama/gemma3:27b', 'google/gemma-3-27b-it'],
  ['deepseek-r1:7b', 'deepseek/deepseek-r1-distill-qwen-7b'],
  ['gpt-oss:120b-cloud', 'openai/gpt-oss-120b'],
] as const;

describe('names that are known', () => {
  it.each(known)('%s is %s', (slug, model) => {
    expect(catalog.resolve(slug)).toMatchObject({ model, known: true });
  });
});

describe('names that are not', () => {
  const hostile = [
    '',
    ' ',
    '/',
    '//',
    ':',
    ':free',
    '@',
    'other',
    'unknown',
    '../../etc/passwd',
    '__proto__',
  ];
  it.each([
    ...hostile,
    '__proto__/constructor',
    'toString',
    'stealth/ox-alpha',
    'openrouter/owl-alpha',
    'x'.repeat(1e5),
  ])('%j stays unknown', (slug) => {
    expect(catalog.resolve(slug)).toMatchObject({
      known: false,
      author: 'unknown',
      openness: 'unknown',
      origin: 'unknown',
      size: 'unknown',
      reasoning: null,
    });
  });

  it('a newer model is not taken for an older one', () => {
    for (const slug of [
      'gpt-9',
      'claude-sonnet-9',
      'deepseek/deepseek-chat-v9',
      'qwen/qwen3-235b-a22b-instruct-2613',
    ])
      expect(catalog.resolve(slug).known).toBe(false);
  });

  it('keeps the author where that one is known, and only there', () => {
    expect(catalog.resolve('anthropic/new')).toMatchObject({
      known: false,
      author: 'anthropic',
      origin: 'row',
    });
    expect(catalog.resolve('alibaba/new')).toMatchObject({ author: 'qwen', origin: 'chinese' });
    expect(catalog.resolve('acme/new').author).toBe('unknown');
    expect(catalog.resolve('a/anthropic/new').author).toBe('unknown');
  });

  it('a known author’s model is not given to the family that its name tells of', () => {
    expect(catalog.resolve('nvidia/llama-3.1-8b-instruct')).toMatchObject({ known: false, author: 'nvidia' });
  });
});

describe('for any text', () => {
  const piece = fc.constantFrom(
    ...['anthropic', 'claude', 'gpt-4o', 'llama3', '-', '/', ':', '.', '@', '70b', '20250514', ' ', '-v1:0'],
    ...[':free', ':beta', '-0324', '2024-08-06', 'us.', 'models/', 'İ', 'ft:', '~'],
  );
  const slugs = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.constantFrom(...known.map(([slug]) => slug), ...catalog.models().map((m) => m.model)),
  );

  it('never throws, and finds again what it found', () => {
    fc.assert(
      fc.property(slugs, (slug) => {
        const answer = catalog.resolve(slug);
        expect(catalog.resolve(answer.model).model).toBe(answer.model);
      }),
      { numRuns: 2000 },
    );
  });

  it('a variant, blanks and capitals change nothing', () => {
    for (const [slug, model] of known)
      for (const form of [` ${slug} `, slug.toUpperCase()]) expect(catalog.resolve(form).model).toBe(model);
    expect(catalog.resolve('openai/gpt-oss-120b:nitro:free').model).toBe('openai/gpt-oss-120b');
  });
});

it('splits variants, and nothing else behind a colon', () => {
  expect(splitVariant('openai/gpt-oss-120b:free')).toEqual({ slug: 'openai/gpt-oss-120b', variant: 'free' });
  expect(splitVariant('llama3.3:70b')).toEqual({ slug: 'llama3.3:70b', variant: null });
  expect(splitVariant(':free')).toEqual({ slug: ':free', variant: null });
  expect(cleanSlug(' A/B:Free:exacto ')).toBe('a/b');
});

it('takes only real dates for the date of a snapshot', () => {
  expect(withoutSnapshotDate('a/b-20250514')).toBe('a/b');
  expect(withoutSnapshotDate('a/b-2024-08-06')).toBe('a/b');
  for (const slug of ['a/b-0324', 'a/b-2507', 'a/b-20251399', 'a/b'])
    expect(withoutSnapshotDate(slug)).toBeNull();
});
