/** The facts that come with the program, and how layers override each other. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHARED_DATA, temporaryDirectory } from '../testing/workspace.ts';
import { createCatalog, loadCatalog } from './catalog.ts';
import { ownFacts } from './facts.ts';

const catalog = await loadCatalog({ dataDir: '/nonexistent' });

/** Later than what their pages or names told: nothing but the slug is known of them. */
const OPENNESS_UNKNOWN = [
  'inclusionai/ling-3.0-flash',
  'meta/muse-spark-1.1',
  'moonshotai/kimi-k3',
  'nex-agi/nex-n2-mini',
  'nvidia/nemotron-3.5-lightning',
  'perplexity/pplx-embed-v1-0.6b',
  'poolside/laguna-s-2.1',
  'poolside/laguna-xs-2.1',
  'qwen/qwen3.7-flash',
  'qwen/qwen3.8-27b',
  'qwen/qwen3.8-max',
  'tencent/hy3',
  'upstage/solar-pro4',
  'z-ai/glm-5.3',
];
const REASONING_UNKNOWN = [
  ...OPENNESS_UNKNOWN.filter((m) => m !== 'perplexity/pplx-embed-v1-0.6b'),
  'anthropic/claude-opus-5',
  'google/gemini-3.5-flash-lite',
  'google/gemini-3.6-flash',
  'google/gemini-3.7-flash',
  'openai/gpt-5.6-luna',
  'openai/gpt-5.6-luna-pro',
  'openai/gpt-5.6-sol',
  'openai/gpt-5.6-sol-pro',
  'openai/gpt-5.6-terra',
  'x-ai/grok-4.5',
  'x-ai/grok-4.6',
];

describe('the models of the study', () => {
  it.each([
    ['meta-llama/llama-3.3-70b-instruct', 'open', 'row', 'large', false],
    ['meta-llama/llama-4-maverick', 'open', 'row', 'large', false],
    ['deepseek/deepseek-chat', 'open', 'chinese', 'large', false],
    ['deepseek/deepseek-chat-v3-0324', 'open', 'chinese', 'large', false],
    ['deepseek/deepseek-r1', 'open', 'chinese', 'large', true],
    ['moonshotai/kimi-k2', 'open', 'chinese', 'large', false],
    ['qwen/qwen3-coder', 'open', 'chinese', 'large', false],
    ['qwen/qwen-2.5-coder-32b-instruct', 'open', 'chinese', 'medium', false],
    ['qwen/qwen-2-7b-instruct', 'open', 'chinese', 'small', false],
    ['minimax/minimax-m1', 'open', 'chinese', 'large', true],
    ['minimax/minimax-m2', 'open', 'chinese', 'large', true],
    ['z-ai/glm-4.5', 'open', 'chinese', 'large', true],
    ['z-ai/glm-4.6', 'open', 'chinese', 'large', true],
    ['tngtech/deepseek-r1t-chimera', 'open', 'row', 'large', true],
    ['openai/gpt-oss-120b', 'open', 'row', 'large', true],
    ['openai/gpt-oss-20b', 'open', 'row', 'medium', true],
    ['mistralai/mistral-nemo', 'open', 'row', 'small', false],
    ['ibm/granite-4.0-micro', 'open', 'row', 'small', false],
    ['google/gemma-3-27b-it', 'open', 'row', 'medium', false],
    ['x-ai/grok-code-fast-1', 'closed', 'row', 'unknown', true],
    ['x-ai/grok-4-fast', 'closed', 'row', 'unknown', true],
    ['google/gemini-2.5-pro', 'closed', 'row', 'unknown', true],
    ['google/gemini-2.5-flash', 'closed', 'row', 'unknown', true],
    ['google/gemini-2.0-flash', 'closed', 'row', 'unknown', false],
    ['openai/gpt-4', 'closed', 'row', 'unknown', false],
    ['openai/gpt-4o-mini', 'closed', 'row', 'unknown', false],
    ['openai/gpt-5', 'closed', 'row', 'unknown', true],
    ['openai/gpt-5-pro', 'closed', 'row', 'unknown', true],
    ['anthropic/claude-3.5-sonnet', 'closed', 'row', 'unknown', false],
    ['anthropic/claude-3.7-sonnet', 'closed', 'row', 'unknown', true],
    ['anthropic/claude-sonnet-4', 'closed', 'row', 'unknown', true],
    ['anthropic/claude-sonnet-4.5', 'closed', 'row', 'unknown', true],
  ] as const)('%s is %s, %s, %s', (slug, openness, origin, size, reasoning) => {
    const model = catalog.resolve(slug);
    expect(model).toMatchObject({ known: true, openness, origin, size, reasoning });
    expect(model.released).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('marks the releases of exhibit F1, and later ones', () => {
    expect(catalog.notableReleases.slice(0, 6)).toEqual([
      { date: '2024-12-06', model: 'meta-llama/llama-3.3-70b-instruct', label: 'Llama 3.3 70B' },
      { date: '2024-12-26', model: 'deepseek/deepseek-chat', label: 'DeepSeek V3' },
      { date: '2025-01-20', model: 'deepseek/deepseek-r1', label: 'DeepSeek R1' },
      { date: '2025-07-11', model: 'moonshotai/kimi-k2', label: 'Kimi K2' },
      { date: '2025-07-22', model: 'qwen/qwen3-coder', label: 'Qwen3 Coder' },
      { date: '2025-08-05', model: 'openai/gpt-oss-120b', label: 'GPT-OSS' },
    ]);
    expect(catalog.notableReleases.length).toBeGreaterThan(6);
  });
});

describe('the facts', () => {
  it('each has a source', () => {
    const own = ownFacts();
    for (const facts of [...own.models.values(), ...own.authors.values()]) expect(facts.source).toBeTruthy();
    for (const { name, openness, sources } of catalog.models()) {
      expect(sources.name, name).toBeTruthy();
      if (openness !== 'unknown') expect(sources.openness, name).toBeTruthy();
    }
  });

  it('no alias is the name of another model, and none means two', () => {
    const own = ownFacts();
    const meant = new Map<string, string>();
    for (const [slug, { aliases = [] }] of own.models)
      for (const alias of aliases) {
        expect(own.models.has(alias), alias).toBe(false);
        expect(meant.get(alias) ?? slug, alias).toBe(slug);
        meant.set(alias, slug);
      }
  });

  it('a size that the slug names is the size that is stated', () => {
    for (const { model, totalParameters } of catalog.models()) {
      const named = /-(\d{2,3})b(-|$)/.exec(model)?.[1];
      if (!named || totalParameters === null) continue;
      expect(Math.abs(totalParameters / Number(named) - 1), model).toBeLessThan(0.1);
    }
  });

  const rankings = join(SHARED_DATA, 'openrouter-rankings/rankings-daily-2026-05-24_2026-08-21.csv');
  if (!existsSync(rankings)) console.warn(`left out: ${rankings} is not there`);
  it.skipIf(!existsSync(rankings))('cover every model of OpenRouter’s rankings', () => {
    const lines = readFileSync(rankings, 'utf8').trim().split('\n').slice(1);
    const models = [...new Set(lines.map((line) => line.split(',')[1] ?? ''))].map((s) => catalog.resolve(s));
    const slugs = (some: typeof models) => [...new Set(some.map((m) => m.model))].sort();
    const found = models.filter((m) => m.known);
    expect(slugs(models.filter((m) => !m.known))).toEqual([
      'openrouter/owl-alpha',
      'other',
      'stealth/ox-alpha',
    ]);
    expect(slugs(found.filter((m) => m.author === 'unknown' || m.origin === 'unknown'))).toEqual([]);
    expect(slugs(found.filter((m) => m.openness === 'unknown'))).toEqual(OPENNESS_UNKNOWN.toSorted());
    expect(slugs(found.filter((m) => m.reasoning === null))).toEqual(REASONING_UNKNOWN.toSorted());
  });
});

describe('authors', () => {
  const luminance = (hex: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  /** WCAG's contrast; 3 is what it asks of graphics. */
  const contrast = (a: string, b: string) => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  it('all, and those that nobody knows, have colours that are legible on both grounds', () => {
    const names = [
      ...ownFacts().authors.keys(),
      ...Array.from({ length: 500 }, (_, i) => `nobody-${i}`),
      'unknown',
    ];
    for (const name of names) {
      const { light, dark } = catalog.author(name).color;
      expect(contrast(light, '#ffffff'), `${name} ${light}`).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, '#0b0f17'), `${name} ${dark}`).toBeGreaterThanOrEqual(3);
    }
  });

  it('the biggest twelve have colours of their own', () => {
    const biggest =
      'anthropic openai google x-ai deepseek qwen meta-llama mistralai moonshotai minimax z-ai tngtech'.split(
        ' ',
      );
    for (const ground of ['light', 'dark'] as const)
      expect(new Set(biggest.map((a) => catalog.author(a).color[ground])).size).toBe(12);
  });

  it('one organisation is one author', () => {
    expect(catalog.author('thudm')).toEqual(catalog.author('z-ai'));
    expect(catalog.resolve('meta/muse-spark-1.1').author).toBe('meta-llama');
    expect(catalog.resolve('bytedance-seed/seed-1.6').author).toBe('bytedance');
    expect(catalog.author('nobody')).toMatchObject({ origin: 'unknown', country: null });
  });
});

describe('layers', () => {
  const load = async (yaml: string) => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'catalog.yaml'), yaml);
    return await loadCatalog({ dataDir: directory.path });
  };

  it('a workspace’s own file overrides all, whichever of a model’s names it uses', async () => {
    const own = await load(
      'models:\n  acme/one: { name: One, open: true, params: 20, author: acme, aliases: [one-prod] }\n  gpt-4o: { open: true }\nauthors:\n  acme: { name: Acme, country: FR }\n',
    );
    expect(own.resolve('ONE-prod')).toMatchObject({
      model: 'acme/one',
      openness: 'open',
      origin: 'row',
      size: 'medium',
      authorName: 'Acme',
      sources: { openness: 'catalog.yaml' },
    });
    expect(own.resolve('gpt-4o-2024-08-06')).toMatchObject({
      model: 'openai/gpt-4o',
      openness: 'open',
      name: 'GPT-4o',
    });
    expect(own.version).not.toBe(catalog.version);
  });

  it('an empty file says nothing', async () => {
    expect((await load('')).version).toBe(catalog.version);
    expect((await load('models:\nauthors:\n')).version).toBe(catalog.version);
  });

  it.each([
    [
      'models:\n  acme/one:\n    open: maybe\n',
      /catalog\.yaml:3: acme\/one: "open" must be true, false or null/,
    ],
    ['models:\n  a/b:\n    params: 70B\n', /catalog\.yaml:3: a\/b: "params" must be billions/],
    ['models:\n  a/b:\n    released: 2025-13-40\n', /catalog\.yaml:3: .*must be a day/],
    [
      'models:\n  a/b:\n    opn: true\n',
      /catalog\.yaml:3: a\/b: "opn" is no fact; facts are name, author, open/,
    ],
    ['models:\n  a/b:\n    __proto__: 1\n', /"__proto__" is no fact/],
    ['models:\n  a/b: open\n', /catalog\.yaml:2: a\/b: expected facts/],
    ['models: [a/b]\n', /"models" must be a mapping/],
    ['authors:\n  a: { country: France }\n', /"country" must be a country code/],
    ['modles: {}\n', /"modles" is not known here/],
    ['- a\n', /expected "models:" and "authors:"/],
    ['just text', /expected "models:" and "authors:"/],
    ['models:\n  a/b: {\n', /catalog\.yaml: /],
    ['models: *nowhere\n', /catalog\.yaml: /],
  ])('%j is refused with place and remedy', async (yaml, message) => {
    await expect(load(yaml)).rejects.toMatchObject({
      code: 'bad_catalog',
      message: expect.stringMatching(message),
      next: expect.stringContaining('docs/guides/catalog.md'),
    });
  });

  it('a refreshed file that is broken, or is a directory, is named', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'catalog'));
    const file = join(directory.path, 'catalog/refreshed.json');
    await writeFile(file, '{"models":{"a/b":{"params":"x"}}}');
    await expect(loadCatalog({ dataDir: directory.path })).rejects.toMatchObject({
      code: 'bad_catalog',
      next: expect.stringContaining('catalog refresh'),
    });
    await mkdir(join(directory.path, 'catalog.yaml'));
    await writeFile(file, '{}');
    await expect(loadCatalog({ dataDir: directory.path })).rejects.toThrow(/catalog\.yaml/);
  });

  it('a later layer overrides what it states and leaves the rest', () => {
    const layer = (name: string, facts: object) => ({
      name,
      models: new Map([['a/b', facts]]),
      authors: new Map(),
    });
    const both = createCatalog([
      layer('first', { open: true, params: 7, promptPrice: 1 }),
      layer('second', { promptPrice: 2, reasoning: undefined, params: null }),
    ]);
    expect(both.resolve('a/b')).toMatchObject({
      openness: 'open',
      totalParameters: null,
      promptPrice: 2,
      sources: { openness: 'first', promptPrice: 'second' },
    });
  });
});
