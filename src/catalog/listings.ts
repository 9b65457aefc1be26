/** Public lists of models, in the shapes they come in → facts by slug. Pure: no files, no network. */
import { isObject, type JsonObject } from '../json/read.ts';
import type { ModelFacts } from './facts.ts';
import { cleanSlug, splitVariant } from './slug.ts';

export interface Listed {
  slug: string;
  facts: ModelFacts;
}

export interface Listing {
  models: Listed[];
  /** What could not be read, each with the reason. */
  skipped: string[];
}

/** Providers of models.dev that serve their own models; all others host what these make. */
const OWNERS = new Set(
  'anthropic openai google deepseek mistral xai alibaba moonshotai zai zhipuai minimax cohere perplexity xiaomi stepfun upstage inception'.split(
    ' ',
  ),
);

/**
 * Reads OpenRouter's `{ data: [ { id, … } ] }`, models.dev's `{ provider: { models: { id: … } } }`
 * and its flat `{ "author/model": … }`.
 * @param label says in each fact where it is from
 */
export function readListing(content: unknown, label: string): Listing {
  const plain = new Map<string, ModelFacts>();
  const variants = new Map<string, ModelFacts>();
  const skipped: string[] = [];
  const take = (id: string, model: unknown, facts: (model: JsonObject) => ModelFacts, provider?: string) => {
    const shown = id.slice(0, 80);
    if (!isObject(model)) return void skipped.push(`${shown}: not an object`);
    const full = id.includes('/') || !provider ? id : `${provider}/${id}`;
    const { variant } = splitVariant(full.trim());
    const slug = cleanSlug(full);
    if (slug.startsWith('~') || slug.endsWith('-latest'))
      return void skipped.push(`${shown}: a pointer to the newest model`);
    if (slug.startsWith('openrouter/'))
      return void skipped.push(`${shown}: a router, or a model under a false name`);
    if (!/^[a-z0-9][\w.-]*\/[\w.:@-]+$/.test(slug)) return void skipped.push(`${shown}: not author/slug`);
    if (variant === null) {
      if (!plain.has(slug)) plain.set(slug, { source: label, ...facts(model) });
      return;
    }
    // Free of charge or thinking is how a variant is served; of the model it says less than the plain entry.
    const { promptPrice: _p, completionPrice: _c, cachedPrice: _r, reasoning: _t, ...rest } = facts(model);
    if (!variants.has(slug)) variants.set(slug, { source: label, ...rest });
  };

  const list = Array.isArray(content)
    ? content
    : isObject(content) && Array.isArray(content.data)
      ? content.data
      : null;
  if (list) {
    for (const model of list) {
      if (isObject(model) && typeof model.id === 'string') take(model.id, model, openRouterFacts);
      else skipped.push('an entry without id');
    }
  } else if (isObject(content)) {
    // OpenRouter's slugs are ours, so its entries go first where the file has many providers.
    const entries = Object.entries(content).sort(
      ([a], [b]) => Number(b === 'openrouter') - Number(a === 'openrouter'),
    );
    for (const [key, value] of entries) {
      if (!isObject(value)) skipped.push(`${key.slice(0, 80)}: not an object`);
      else if (!isObject(value.models)) take(key, value, modelsDevFacts);
      else if (key !== 'openrouter' && !OWNERS.has(key))
        skipped.push(`${key.slice(0, 80)}: hosts other authors’ models`);
      else for (const [id, model] of Object.entries(value.models)) take(id, model, modelsDevFacts, key);
    }
  }
  for (const [slug, facts] of variants) if (!plain.has(slug)) plain.set(slug, facts);
  return { models: [...plain].map(([slug, facts]) => ({ slug, facts })), skipped };
}

const amount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

/** One model of models.dev; its prices are USD per million tokens. */
function modelsDevFacts(model: JsonObject): ModelFacts {
  const cost = isObject(model.cost) ? model.cost : {};
  const limit = isObject(model.limit) ? model.limit : {};
  const day = typeof model.release_date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(model.release_date);
  return {
    name: typeof model.name === 'string' && model.name !== '' ? tidy(model.name) : undefined,
    open: typeof model.open_weights === 'boolean' ? model.open_weights : undefined,
    reasoning: typeof model.reasoning === 'boolean' ? model.reasoning : undefined,
    released: day ? (model.release_date as string) : undefined,
    promptPrice: amount(cost.input),
    completionPrice: amount(cost.output),
    cachedPrice: amount(cost.cache_read),
    contextTokens: amount(limit.context) || undefined,
  };
}

/**
 * One model of OpenRouter: prices are texts, USD per token. A model on Hugging Face has open weights; of one that is
 * not there the list says nothing, and neither does it say when a model was released.
 */
function openRouterFacts(model: JsonObject): ModelFacts {
  const pricing = isObject(model.pricing) ? model.pricing : {};
  const price = (key: string): number | undefined => {
    const given = pricing[key];
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    const perToken = amount(value);
    return perToken === undefined ? undefined : Math.round(perToken * 1e12) / 1e6;
  };
  const page = typeof model.canonical_slug === 'string' ? splitVariant(model.canonical_slug).slug : '';
  return {
    name: typeof model.name === 'string' && model.name !== '' ? tidy(model.name) : undefined,
    open: typeof model.hugging_face_id === 'string' && model.hugging_face_id !== '' ? true : undefined,
    promptPrice: price('prompt'),
    completionPrice: price('completion'),
    cachedPrice: price('input_cache_read'),
    contextTokens: amount(model.context_length) || undefined,
    aliases: page !== '' && page !== cleanSlug(String(model.id)) ? [page] : undefined,
  };
}

/** `DeepSeek: R1 (free)` → `R1`. */
function tidy(name: string): string {
  return name.replace(/^[^:]+: /, '').replace(/ \((free|thinking)\)$/i, '');
}
