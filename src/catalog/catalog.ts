/** The catalog: layers of facts, put together, asked by slug. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../generation/ids.ts';
import { fallbackColor } from './colors.ts';
import type { Author, Catalog, NotableRelease, ResolvedModel } from './contract.ts';
import { type AuthorFacts, type Layer, type ModelFacts, ownFacts } from './facts.ts';
import { readLayer } from './layer-file.ts';
import { candidates, canonicalAuthor, cleanSlug } from './slug.ts';
import { tokenlensFacts } from './tokenlens.ts';

export { splitVariant } from './slug.ts';

/** Places whose organisations the study counts as Chinese: mainland China, Taiwan, Hong Kong (and Macao). */
const CHINESE = new Set(['CN', 'TW', 'HK', 'MO']);

/** Fact → the field of the answer that rests on it. */
const FIELDS: Record<string, keyof ResolvedModel> = {
  name: 'name',
  author: 'author',
  open: 'openness',
  params: 'totalParameters',
  reasoning: 'reasoning',
  released: 'released',
  promptPrice: 'promptPrice',
  completionPrice: 'completionPrice',
  cachedPrice: 'cachedPrice',
  contextTokens: 'contextTokens',
};

/** Facts that a refresh may not change on a pinned model. */
const PINNED = new Set(['name', 'author', 'open', 'params', 'reasoning', 'released']);

const MEMO = 100_000;

interface Entry {
  facts: ModelFacts;
  sources: Record<string, string>;
}

/** A catalog that can also tell spellings of one name from names that only resemble each other. */
export interface NamedCatalog extends Catalog {
  /** The known model that this slug spells (no date or ending taken off), or null. */
  sameAs(slug: string): string | null;
}

/** Puts layers together: what a later one states overrides what an earlier one does, fact by fact. */
export function createCatalog(layers: readonly Layer[]): NamedCatalog {
  const facts = new Map<string, Entry>();
  const authors = new Map<string, AuthorFacts>();
  const aliases = new Map<string, string>();
  const isAuthor = (author: string) => authors.has(author);
  const first = (names: readonly string[]) => {
    for (const name of names) {
      const found = facts.has(name) ? name : aliases.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  for (const layer of layers) {
    for (const [author, added] of layer.authors) {
      const name = canonicalAuthor(author);
      authors.set(name, { ...authors.get(name), ...added });
    }
    for (const [given, added] of layer.models) {
      const clean = cleanSlug(given);
      const slug = (layer.kind && first(candidates(clean, isAuthor).exact)) || clean;
      const entry = facts.get(slug) ?? { facts: {}, sources: {} };
      const pinned = layer.kind === 'refreshed' && entry.facts.pinned === true;
      for (const [key, value] of Object.entries(added)) {
        if (value === undefined || key === 'source' || key === 'aliases') continue;
        if (pinned && PINNED.has(key)) continue;
        Object.assign(entry.facts, { [key]: value });
        const field = FIELDS[key];
        if (field) entry.sources[field] = added.source ?? layer.name;
      }
      facts.set(slug, entry);
      for (const alias of added.aliases ?? []) {
        const name = cleanSlug(alias);
        if (name !== slug) aliases.set(name, slug);
      }
    }
  }

  const author = (name: string): Author => {
    const slug = canonicalAuthor(name);
    const known = authors.get(slug);
    const country = known?.country ?? null;
    const fallback = fallbackColor(slug);
    return {
      author: slug,
      name: known?.name ?? slug,
      country,
      origin: country === null ? (known?.origin ?? 'unknown') : CHINESE.has(country) ? 'chinese' : 'row',
      color: { light: known?.light ?? fallback.light, dark: known?.dark ?? fallback.dark },
      source: known?.source ?? 'unknown',
    };
  };

  const describe = (slug: string): ResolvedModel => {
    const entry = facts.get(slug);
    const f = entry?.facts ?? {};
    const parts = slug.split('/');
    const head = canonicalAuthor(f.author ?? (parts.length === 2 ? (parts[0] ?? '') : ''));
    const by = author(head !== '' && (entry !== undefined || authors.has(head)) ? head : 'unknown');
    const openness = f.open === true ? 'open' : f.open === false ? 'closed' : 'unknown';
    return {
      model: slug,
      name: f.name ?? slug,
      author: by.author,
      authorName: by.name,
      openness,
      origin: by.origin,
      totalParameters: f.params ?? null,
      size: openness === 'open' ? sizeOf(f.params ?? null) : 'unknown',
      reasoning: f.reasoning ?? null,
      released: isDay(f.released) ? f.released : null,
      promptPrice: f.promptPrice ?? null,
      completionPrice: f.completionPrice ?? null,
      cachedPrice: f.cachedPrice ?? null,
      contextTokens: f.contextTokens ?? null,
      known: entry !== undefined,
      sources: by.origin === 'unknown' ? { ...entry?.sources } : { ...entry?.sources, origin: by.source },
    };
  };

  const memo = new Map<string, ResolvedModel>();
  const resolve = (slug: string): ResolvedModel => {
    const before = memo.get(slug);
    if (before) return before;
    const { exact, loose } = candidates(slug, isAuthor);
    const answer = describe(first(exact) ?? first(loose) ?? (cleanSlug(slug) || 'unknown'));
    // Names that nobody knows may be anything that a client wrote: they are not kept.
    if (answer.known && memo.size < MEMO) memo.set(slug, answer);
    return answer;
  };

  let all: readonly ResolvedModel[] | undefined;
  return {
    version: contentHash(JSON.stringify([[...facts], [...authors], [...aliases]])),
    resolve,
    sameAs: (slug) => first(candidates(slug, isAuthor).exact) ?? null,
    author,
    notableReleases: notableOf(facts),
    models: () => {
      all ??= [...facts.keys()].map(describe);
      return all;
    },
  };
}

/** The built-in facts, what `catalog refresh` wrote, and the workspace's own `catalog.yaml` on top. */
export async function loadCatalog({ dataDir }: { dataDir: string }): Promise<NamedCatalog> {
  const own = ownFacts();
  const layers = [tokenlensFacts(own), own];
  const refreshed = join(dataDir, 'catalog', 'refreshed.json');
  if (existsSync(refreshed)) layers.push(readLayer(refreshed, 'catalog refresh', 'refreshed'));
  const workspace = join(dataDir, 'catalog.yaml');
  if (existsSync(workspace)) layers.push(readLayer(workspace, 'catalog.yaml', 'workspace'));
  return createCatalog(layers);
}

function notableOf(facts: ReadonlyMap<string, Entry>): NotableRelease[] {
  const releases: NotableRelease[] = [];
  for (const [model, { facts: f }] of facts) {
    if (!f.notable || !isDay(f.released)) continue;
    releases.push({
      date: f.released,
      model,
      label: typeof f.notable === 'string' ? f.notable : (f.name ?? model),
    });
  }
  return releases.sort((a, b) => a.date.localeCompare(b.date) || a.model.localeCompare(b.model));
}

/** The study's classes, by total parameters in billions. */
function sizeOf(params: number | null): ResolvedModel['size'] {
  return params === null ? 'unknown' : params < 15 ? 'small' : params < 70 ? 'medium' : 'large';
}

const isDay = (text: string | null | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');
