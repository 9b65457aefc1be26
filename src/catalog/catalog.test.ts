import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARED_DATA, temporaryDirectory } from '../testing/workspace.ts';
import { loadCatalog } from './catalog.ts';
import { refreshCatalog } from './refresh.ts';

const catalog = await loadCatalog({ dataDir: '/nonexistent' });

describe('resolve', () => {
  it.each([
    ['claude-opus-4-5-20251101', 'anthropic/claude-opus-4.5'],
    ['claude-opus-4-6', 'anthropic/claude-opus-4.6'],
    ['claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4'],
    ['claude-haiku-4-5-20251001', 'anthropic/claude-haiku-4.5'],
    ['claude-3-5-sonnet-20241022', 'anthropic/claude-3.5-sonnet'],
    ['anthropic/claude-4.5-sonnet-20250929', 'anthropic/claude-sonnet-4.5'],
    ['anthropic/claude-4.8-opus-20260528', 'anthropic/claude-opus-4.8'],
    ['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'anthropic/claude-3.5-sonnet'],
    ['claude-sonnet-4@20250514', 'anthropic/claude-sonnet-4'],
    ['vertex_ai/gemini-2.5-pro', 'google/gemini-2.5-pro'],
    ['azure/gpt-4o', 'openai/gpt-4o'],
    ['gpt-4o-2024-08-06', 'openai/gpt-4o'],
    ['openai/gpt-5-2025-08-07', 'openai/gpt-5'],
    ['deepseek/deepseek-v4-flash-20260423', 'deepseek/deepseek-v4-flash'],
    ['deepseek/deepseek-chat-v3-0324:free', 'deepseek/deepseek-chat-v3-0324'],
    ['qwen/qwen3-235b-a22b-07-25', 'qwen/qwen3-235b-a22b-2507'],
    ['accounts/fireworks/models/deepseek-r1', 'deepseek/deepseek-r1'],
    ['meta-llama/Llama-3.3-70B-Instruct', 'meta-llama/llama-3.3-70b-instruct'],
    ['google/gemini-2.0-flash-001', 'google/gemini-2.0-flash'],
    ['alibaba/qwen3-max', 'qwen/qwen3-max'],
  ])('%s is %s', (slug, model) => {
    expect(catalog.resolve(slug)).toMatchObject({ model, known: true });
  });

  it('leaves unknown what nobody knows', () => {
    for (const slug of [
      'other',
      'unknown',
      '',
      'stealth/ox-alpha',
      '../../etc/passwd',
      '__proto__/constructor',
    ])
      expect(catalog.resolve(slug)).toMatchObject({
        known: false,
        openness: 'unknown',
        origin: 'unknown',
        reasoning: null,
      });
  });

  it('never throws, and finds again what it found', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...catalog.models().map((m) => m.model))), (slug) => {
        const { model } = catalog.resolve(slug);
        expect(catalog.resolve(model).model).toBe(model);
      }),
    );
  });
});

describe('facts', () => {
  it('knows the models that the study annotates, and what it says of them', () => {
    expect(catalog.notableReleases.map((r) => r.label)).toEqual(
      expect.arrayContaining([
        'Llama 3.3 70B',
        'DeepSeek V3',
        'DeepSeek R1',
        'Kimi K2',
        'GPT-OSS',
        'Qwen3 Coder',
      ]),
    );
    expect(catalog.resolve('deepseek/deepseek-r1')).toMatchObject({
      openness: 'open',
      origin: 'chinese',
      size: 'large',
      reasoning: true,
    });
    expect(catalog.resolve('qwen/qwen-2.5-coder-32b-instruct')).toMatchObject({
      size: 'medium',
      reasoning: false,
    });
    expect(catalog.resolve('x-ai/grok-code-fast-1')).toMatchObject({
      openness: 'closed',
      origin: 'row',
      reasoning: true,
    });
  });

  it('every fact has a source, every author of a model a seat and colours', () => {
    for (const model of catalog.models())
      for (const source of Object.values(model.sources)) expect(source).not.toBe('');
    for (const author of ['anthropic', 'openai', 'deepseek', 'qwen', 'mistralai'])
      expect(catalog.author(author)).toMatchObject({ country: expect.stringMatching(/^[A-Z]{2}$/) });
  });

  const rankings = join(SHARED_DATA, 'openrouter-rankings/rankings-daily-2026-05-24_2026-08-21.csv');
  it.skipIf(!existsSync(rankings))('knows every model of the rankings but those under a false name', () => {
    const slugs = new Set(
      readFileSync(rankings, 'utf8')
        .split('\n')
        .slice(1)
        .map((l) => l.split(',')[1])
        .filter((s) => s),
    );
    const unknown = [...slugs].filter((s) => !catalog.resolve(s ?? '').known);
    expect(unknown.sort()).toEqual(['openrouter/owl-alpha', 'other', 'stealth/ox-alpha']);
  });
});

describe('layers', () => {
  it('a workspace’s own file overrides all, and a mistake in it is named', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'catalog.yaml');
    await writeFile(
      file,
      'models:\n  acme/one: { name: One, open: true, params: 20, author: acme }\n  openai/gpt-4o: { open: true }\nauthors:\n  acme: { name: Acme, country: FR }\n',
    );
    const own = await loadCatalog({ dataDir: directory.path });
    expect(own.resolve('acme/one')).toMatchObject({
      openness: 'open',
      origin: 'row',
      size: 'medium',
      authorName: 'Acme',
    });
    expect(own.resolve('gpt-4o')).toMatchObject({ openness: 'open', name: 'GPT-4o' });
    expect(own.version).not.toBe(catalog.version);
    await writeFile(file, 'models:\n  acme/one:\n    open: maybe\n');
    await expect(loadCatalog({ dataDir: directory.path })).rejects.toThrow(
      /catalog\.yaml:3: acme\/one: "open"/,
    );
  });

  it('refresh adds what is new, keeps what the source does not state, and refuses what is no catalog', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'models.json');
    await writeFile(
      file,
      JSON.stringify({
        data: [
          {
            id: 'acme/two',
            name: 'Acme: Two',
            pricing: { prompt: '0.000001', completion: '0.000002' },
            context_length: 1000,
          },
          { id: 'deepseek/deepseek-r1', name: 'DeepSeek: R1', pricing: { prompt: '0.0000123' } },
          7,
        ],
      }),
    );
    expect(await refreshCatalog(file, directory.path)).toMatchObject({
      read: 2,
      added: 1,
      changed: 1,
      skipped: ['an entry without id'],
    });
    const fresh = await loadCatalog({ dataDir: directory.path });
    expect(fresh.resolve('acme/two')).toMatchObject({
      promptPrice: 1,
      completionPrice: 2,
      openness: 'unknown',
    });
    expect(fresh.resolve('deepseek/deepseek-r1')).toMatchObject({
      openness: 'open',
      totalParameters: 671,
      promptPrice: 12.3,
    });
    for (const bad of ['', '[]', '{"a":1}', 'text']) {
      await writeFile(file, bad);
      await expect(refreshCatalog(file, directory.path)).rejects.toMatchObject({ code: 'bad_catalog' });
    }
    expect(await readFile(join(directory.path, 'catalog/refreshed.json'), 'utf8')).toContain('acme/two');
  });

  it.skipIf(!existsSync(SHARED_DATA))('refresh reads the three real shapes', async () => {
    await using directory = await temporaryDirectory();
    for (const name of [
      'models-dev-metadata.json',
      'models-dev-openrouter.json',
      'openrouter-models-2026-05-15.json',
    ])
      expect((await refreshCatalog(join(SHARED_DATA, 'catalog', name), directory.path)).read).toBeGreaterThan(
        200,
      );
  });
});
