/** `catalog refresh`: what it takes from public lists, what it leaves alone, and what it refuses. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHARED_DATA, temporaryDirectory } from '../testing/workspace.ts';
import { loadCatalog } from './catalog.ts';
import { refreshCatalog } from './refresh.ts';

const builtIn = await loadCatalog({ dataDir: '/nonexistent' });

/** Refreshes from this content, and gives what came of it. */
async function refreshed(content: unknown) {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'models.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const summary = await refreshCatalog(file, directory.path);
  return { summary, catalog: await loadCatalog({ dataDir: directory.path }) };
}

const openRouter = (id: string, more: object = {}) => ({
  id,
  name: 'Acme: Two',
  pricing: { prompt: '0.000001', completion: '0.000002' },
  context_length: 1000,
  ...more,
});

describe('what it takes', () => {
  it('adds what is new and keeps what the list does not state', async () => {
    const { summary, catalog } = await refreshed({
      data: [
        openRouter('acme/two'),
        openRouter('deepseek/deepseek-r1', { pricing: { prompt: '0.00000071' } }),
        7,
      ],
    });
    expect(summary).toEqual({ read: 2, added: 1, changed: 1, skipped: ['an entry without id'] });
    expect(catalog.resolve('acme/two')).toMatchObject({
      name: 'Two',
      promptPrice: 1,
      completionPrice: 2,
      contextTokens: 1000,
      openness: 'unknown',
      known: true,
    });
    expect(catalog.resolve('deepseek/deepseek-r1')).toMatchObject({
      openness: 'open',
      origin: 'chinese',
      totalParameters: 671,
      promptPrice: 0.71,
      completionPrice: builtIn.resolve('deepseek/deepseek-r1').completionPrice,
    });
    expect(catalog.resolve('deepseek/deepseek-r1').sources.promptPrice).toMatch(
      /^models\.json, \d{4}-\d\d-\d\d$/,
    );
  });

  it('a free variant has no say about prices, in whichever order they come', async () => {
    const free = openRouter('acme/two:free', { pricing: { prompt: '0', completion: '0' } });
    for (const data of [
      [free, openRouter('acme/two')],
      [openRouter('acme/two'), free],
    ])
      expect((await refreshed({ data })).catalog.resolve('acme/two').promptPrice).toBe(1);
    expect((await refreshed({ data: [free] })).catalog.resolve('acme/two').promptPrice).toBeNull();
  });

  it('a dated snapshot does not overwrite its model', async () => {
    const { summary, catalog } = await refreshed({
      'openai/gpt-4o': { open_weights: false, cost: { input: 2.5 } },
      'openai/gpt-4o-2024-05-13': { open_weights: false, cost: { input: 5 } },
    });
    expect(summary.skipped).toEqual(['openai/gpt-4o-2024-05-13: a dated snapshot of openai/gpt-4o']);
    expect(catalog.resolve('gpt-4o-2024-05-13').promptPrice).toBe(2.5);
  });

  it('another month of a model is a model of its own', async () => {
    const { catalog } = await refreshed({ 'moonshotai/kimi-k2-1201': { open_weights: true } });
    expect(catalog.resolve('moonshotai/kimi-k2-1201')).toMatchObject({
      model: 'moonshotai/kimi-k2-1201',
      known: true,
    });
  });

  it('facts that are pinned stay: public lists have another model under that slug', async () => {
    const { catalog } = await refreshed({
      'deepseek/deepseek-chat': {
        name: 'V3.2',
        release_date: '2025-12-01',
        open_weights: false,
        cost: { input: 9 },
      },
    });
    expect(catalog.resolve('deepseek/deepseek-chat')).toMatchObject({
      released: '2024-12-26',
      openness: 'open',
      promptPrice: 9,
    });
    expect(catalog.notableReleases).toEqual(builtIn.notableReleases);
  });

  it('reads models.dev’s api.json: OpenRouter’s entries, then authors’, never hosts’', async () => {
    const { summary, catalog } = await refreshed({
      groq: { models: { 'acme-fast': {} } },
      alibaba: { models: { 'qwen99-max': { open_weights: false, reasoning: true, cost: { input: 1 } } } },
      openrouter: { models: { 'qwen/qwen99-max': { cost: { input: 2 }, release_date: '2027-01' } } },
    });
    expect(summary.skipped).toEqual([
      'groq: hosts other authors’ models',
      expect.stringMatching(/own name too/),
    ]);
    expect(catalog.resolve('qwen/qwen99-max')).toMatchObject({
      promptPrice: 2,
      author: 'qwen',
      released: null,
    });
  });

  it('values that do not fit are as if not stated', async () => {
    const { catalog } = await refreshed([
      openRouter('acme/two', {
        pricing: { prompt: '-1', completion: 'x' },
        context_length: 0,
        hugging_face_id: '',
      }),
    ]);
    expect(catalog.resolve('acme/two')).toMatchObject({
      promptPrice: null,
      completionPrice: null,
      contextTokens: null,
      openness: 'unknown',
    });
  });

  const files = [
    'models-dev-metadata.json',
    'models-dev-openrouter.json',
    'openrouter-models-2026-05-15.json',
  ];
  if (!existsSync(SHARED_DATA)) console.warn(`left out: ${SHARED_DATA} is not there`);
  it.skipIf(!existsSync(SHARED_DATA)).each(files)(
    '%s: no model moves, no size, openness or origin is lost',
    async (file) => {
      await using directory = await temporaryDirectory();
      const { read } = await refreshCatalog(join(SHARED_DATA, 'catalog', file), directory.path);
      expect(read).toBeGreaterThan(200);
      const catalog = await loadCatalog({ dataDir: directory.path });
      for (const { model, openness, origin, totalParameters } of builtIn.models())
        if (openness !== 'unknown')
          expect(catalog.resolve(model)).toMatchObject({ model, openness, origin, totalParameters });
      expect(catalog.notableReleases).toEqual(builtIn.notableReleases);
      expect(catalog.resolve('openrouter/owl-alpha').known).toBe(false);
    },
  );
});

describe('what it refuses', () => {
  it.each(['', 'text', '[]', '{}', '{"a":1}', '{"data":[]}', 'null', '7', '{"data":[{"id":"no-slash"}]}'])(
    '%j, and leaves the file from before',
    async (bad) => {
      await using directory = await temporaryDirectory();
      const file = join(directory.path, 'models.json');
      await writeFile(file, JSON.stringify([openRouter('acme/two')]));
      await refreshCatalog(file, directory.path);
      await writeFile(file, bad);
      await expect(refreshCatalog(file, directory.path)).rejects.toMatchObject({
        code: 'bad_catalog',
        next: expect.stringContaining('models.dev'),
      });
      expect(await readFile(join(directory.path, 'catalog/refreshed.json'), 'utf8')).toContain('acme/two');
      expect(await readdir(join(directory.path, 'catalog'))).toEqual(['refreshed.json']);
    },
  );

  it('a file that is not there', async () => {
    await expect(refreshCatalog('/nonexistent/models.json', '/nonexistent')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it.each([
    ['an error', async () => new Response('no', { status: 503 }), /answered 503/],
    [
      'silence',
      async () => Promise.reject(new DOMException('late', 'TimeoutError')),
      /did not answer within 15 s/,
    ],
    [
      'no network',
      async () => Promise.reject(new TypeError('fetch failed')),
      /could not be reached: fetch failed/,
    ],
  ] as const)('an address with %s', async (_, fetcher, message) => {
    await expect(
      refreshCatalog('https://example.org/api.json', '/nonexistent', fetcher),
    ).rejects.toMatchObject({
      code: 'bad_source',
      message: expect.stringMatching(message),
    });
  });

  it('reads an address that answers', async () => {
    await using directory = await temporaryDirectory();
    const fetcher = async () => Response.json({ data: [openRouter('acme/two')] });
    const url = 'https://example.org/api/v1/models?key=hidden';
    expect(await refreshCatalog(url, directory.path, fetcher)).toMatchObject({ read: 1, added: 1 });
    expect(await readFile(join(directory.path, 'catalog/refreshed.json'), 'utf8')).not.toContain('hidden');
  });
});
