/** `catalog refresh`: newer facts from models.dev's `api.json` or OpenRouter's `/models`, kept in the workspace. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explain, StateaiError } from '../generation/errors.ts';
import { writeFileAtomic } from '../warehouse/files.ts';
import { loadCatalog } from './catalog.ts';
import type { ModelFacts } from './facts.ts';
import { splitVariant } from './slug.ts';
import { modelsDevFacts } from './tokenlens.ts';

export interface RefreshSummary {
  read: number;
  added: number;
  changed: number;
  skipped: string[];
}

const TIMEOUT_MS = 15_000;

/** @param source file or http(s) URL */
export async function refreshCatalog(
  source: string,
  dataDir: string,
  fetcher = globalThis.fetch,
): Promise<RefreshSummary> {
  const text = /^https?:\/\//.test(source) ? await download(source, fetcher) : await readText(source);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new StateaiError(
      'bad_catalog',
      `${source}: this is no JSON`,
      'Give models.dev’s api.json or OpenRouter’s /models.',
      error,
    );
  }
  const label = `${source.split('/').at(-1)}, ${new Date().toISOString().slice(0, 10)}`;
  const { models, skipped } = readModels(content, source, label);
  const before = await loadCatalog({ dataDir });
  const summary: RefreshSummary = { read: models.size, added: 0, changed: 0, skipped };
  const kept: Record<string, ModelFacts> = {};
  for (const [slug, facts] of models) {
    const known = before.resolve(slug);
    if (!known.known) summary.added++;
    else if (differs(known, facts)) summary.changed++;
    kept[known.known ? known.model : slug] = facts;
  }
  await writeFileAtomic(
    join(dataDir, 'catalog', 'refreshed.json'),
    `${JSON.stringify({ models: kept }, null, 1)}\n`,
  );
  return summary;
}

async function download(url: string, fetcher: typeof fetch): Promise<string> {
  try {
    const response = await fetcher(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok)
      throw new StateaiError(
        'bad_source',
        `${url} answered ${response.status}`,
        'Check the address, or download the file and give its path.',
      );
    return await response.text();
  } catch (error) {
    if ((error as Error).name === 'TimeoutError')
      throw new StateaiError(
        'bad_source',
        `${url} did not answer within ${TIMEOUT_MS / 1000} s`,
        'Try again, or download the file and give its path.',
        error,
      );
    throw explain(error, `Reading ${url}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw explain(error, `Reading ${path}`);
  }
}

type Entry = Record<string, unknown>;
const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readModels(content: unknown, source: string, label: string) {
  const models = new Map<string, ModelFacts>();
  const skipped: string[] = [];
  const take = (slug: string, facts: () => ModelFacts) => {
    const canonical = splitVariant(slug.toLowerCase()).slug;
    if (!/^[a-z0-9][\w.-]*\/[\w.:-]+$/.test(canonical)) skipped.push(`${slug.slice(0, 80)}: not author/slug`);
    else if (!models.has(canonical)) models.set(canonical, facts());
  };
  const list = Array.isArray(content)
    ? content
    : isEntry(content) && Array.isArray(content.data)
      ? content.data
      : null;
  if (list) {
    for (const model of list) {
      if (isEntry(model) && typeof model.id === 'string') take(model.id, () => openRouterFacts(model, label));
      else skipped.push('an entry without id');
    }
  } else if (isEntry(content)) {
    for (const [key, value] of Object.entries(content)) {
      if (!isEntry(value)) skipped.push(`${key.slice(0, 80)}: not an object`);
      else if (!isEntry(value.models)) take(key, () => modelsDevFacts(value, label));
      else if (key === 'openrouter' || !('openrouter' in content))
        for (const [id, model] of Object.entries(value.models))
          if (isEntry(model))
            take(id.includes('/') ? id : `${key}/${id}`, () => modelsDevFacts(model, label));
    }
  }
  if (models.size === 0)
    throw new StateaiError(
      'bad_catalog',
      `${source}: no models in it`,
      'Give models.dev’s api.json or OpenRouter’s /models.',
    );
  return { models, skipped };
}

/** Prices there are texts, USD per token; a model on Hugging Face has open weights, one that is not says nothing. */
function openRouterFacts(model: Entry, source: string): ModelFacts {
  const facts: ModelFacts = { source };
  const pricing = isEntry(model.pricing) ? model.pricing : {};
  const free = String(model.id).endsWith(':free');
  const price = (key: string): number | undefined => {
    const value = Number(pricing[key]);
    return free || pricing[key] === undefined || !(value >= 0) ? undefined : Math.round(value * 1e12) / 1e6;
  };
  if (typeof model.name === 'string')
    facts.name = model.name.replace(/^[^:]+: /, '').replace(/ \(free\)$/, '');
  if (typeof model.context_length === 'number' && model.context_length > 0)
    facts.contextTokens = model.context_length;
  facts.promptPrice = price('prompt');
  facts.completionPrice = price('completion');
  facts.cachedPrice = price('input_cache_read');
  if (typeof model.hugging_face_id === 'string' && model.hugging_face_id !== '') facts.open = true;
  if (typeof model.canonical_slug === 'string' && model.canonical_slug !== model.id)
    facts.aliases = [splitVariant(model.canonical_slug).slug];
  return facts;
}

function differs(known: object, facts: ModelFacts): boolean {
  const before = known as Record<string, unknown>;
  const after: Record<string, unknown> = {
    ...facts,
    openness: facts.open === undefined ? undefined : facts.open ? 'open' : 'closed',
  };
  return [
    'name',
    'promptPrice',
    'completionPrice',
    'contextTokens',
    'openness',
    'reasoning',
    'released',
  ].some((key) => after[key] !== undefined && after[key] !== before[key]);
}
