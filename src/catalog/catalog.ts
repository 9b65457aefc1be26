/** The catalog: layers of facts, put together, asked by slug. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { StateaiError } from '../generation/errors.ts';
import { contentHash } from '../generation/ids.ts';
import type { Author, Catalog, ResolvedModel } from './contract.ts';
import { type AuthorFacts, type Layer, type ModelFacts, ownFacts } from './facts.ts';
import { candidates, splitVariant } from './slug.ts';
import { tokenlensFacts } from './tokenlens.ts';

/** Places whose organisations the study counts as Chinese. */
const CHINESE = new Set(['CN', 'TW', 'HK', 'MO']);

/** Puts layers together: what a later one states overrides what an earlier one does, fact by fact. */
export function createCatalog(layers: readonly Layer[]): Catalog {
  const facts = new Map<string, { facts: ModelFacts; sources: Record<string, string> }>();
  const authors = new Map<string, AuthorFacts>();
  const aliases = new Map<string, string>();
  for (const layer of layers) {
    for (const [slug, added] of layer.models) {
      const entry = facts.get(slug) ?? { facts: {}, sources: {} };
      for (const [key, value] of Object.entries(added)) {
        if (value === undefined || key === 'source' || key === 'aliases') continue;
        Object.assign(entry.facts, { [key]: value });
        entry.sources[key] = added.source ?? layer.name;
      }
      for (const alias of added.aliases ?? []) aliases.set(alias.toLowerCase(), slug);
      facts.set(slug, entry);
    }
    for (const [author, added] of layer.authors) authors.set(author, { ...authors.get(author), ...added });
  }
  const resolved = new Map<string, ResolvedModel>();

  const authorOf = (author: string): Author => {
    const known = authors.get(author);
    const country = known?.country ?? null;
    const fallback = fallbackColor(author);
    return {
      author,
      name: known?.name ?? author,
      country,
      origin: country === null ? 'unknown' : CHINESE.has(country) ? 'chinese' : 'row',
      color: { light: known?.light ?? fallback.light, dark: known?.dark ?? fallback.dark },
      source: known?.source ?? 'unknown',
    };
  };

  const describe = (slug: string): ResolvedModel => {
    const entry = facts.get(slug);
    const f = entry?.facts ?? {};
    const head = f.author ?? slug.split('/')[0] ?? '';
    const author = authorOf(
      slug.includes('/') && (entry !== undefined || authors.has(head)) ? head : 'unknown',
    );
    const openness = f.open === true ? 'open' : f.open === false ? 'closed' : 'unknown';
    return {
      model: slug,
      name: f.name ?? slug,
      author: author.author,
      authorName: author.name,
      openness,
      origin: author.origin,
      totalParameters: f.params ?? null,
      size: f.params == null ? 'unknown' : f.params < 15 ? 'small' : f.params < 70 ? 'medium' : 'large',
      reasoning: f.reasoning ?? null,
      released: isDay(f.released) ? f.released : null,
      promptPrice: f.promptPrice ?? null,
      completionPrice: f.completionPrice ?? null,
      cachedPrice: f.cachedPrice ?? null,
      contextTokens: f.contextTokens ?? null,
      known: entry !== undefined,
      sources: entry?.sources ?? {},
    };
  };

  const resolve = (slug: string): ResolvedModel => {
    const known = resolved.get(slug);
    if (known) return known;
    const found = candidates(slug)
      .map((c) => (facts.has(c) ? c : aliases.get(c)))
      .find((c) => c !== undefined);
    const answer = describe(found ?? (splitVariant(slug.trim().toLowerCase()).slug || 'unknown'));
    if (resolved.size < 100_000) resolved.set(slug, answer);
    return answer;
  };

  const notable = [...facts].filter(([, { facts: f }]) => f.notable && f.released);
  return {
    version: contentHash(JSON.stringify([[...facts], [...authors], [...aliases]])),
    resolve,
    author: authorOf,
    notableReleases: notable
      .map(([model, { facts: f }]) => ({ date: f.released ?? '', model, label: f.name ?? model }))
      .sort((a, b) => a.date.localeCompare(b.date)),
    models: () => [...facts.keys()].map(describe),
  };
}

/** The built-in facts, what `catalog refresh` wrote, and the workspace's own `catalog.yaml` on top. */
export async function loadCatalog({ dataDir }: { dataDir: string }): Promise<Catalog> {
  const own = ownFacts();
  const layers = [tokenlensFacts(own), own];
  const refreshed = join(dataDir, 'catalog', 'refreshed.json');
  if (existsSync(refreshed)) layers.push(readLayer(refreshed, 'catalog refresh'));
  const workspace = join(dataDir, 'catalog.yaml');
  if (existsSync(workspace)) layers.push(readLayer(workspace, 'catalog.yaml'));
  return createCatalog(layers);
}

const isDay = (text: string | null | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');

const TYPES: Record<string, (value: unknown) => boolean> = {
  name: (v) => typeof v === 'string',
  author: (v) => typeof v === 'string',
  source: (v) => typeof v === 'string',
  open: (v) => v === null || typeof v === 'boolean',
  reasoning: (v) => v === null || typeof v === 'boolean',
  notable: (v) => typeof v === 'boolean',
  params: isAmount,
  promptPrice: isAmount,
  completionPrice: isAmount,
  cachedPrice: isAmount,
  contextTokens: isAmount,
  released: (v) => v === null || (typeof v === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(v)),
  aliases: (v) => Array.isArray(v) && v.every((a) => typeof a === 'string'),
};
const AUTHOR_TYPES: Record<string, (value: unknown) => boolean> = {
  name: (v) => typeof v === 'string',
  source: (v) => typeof v === 'string',
  country: (v) => v === null || (typeof v === 'string' && /^[A-Z]{2}$/.test(v)),
  light: (v) => typeof v === 'string' && /^#[0-9a-f]{6}$/i.test(v),
  dark: (v) => typeof v === 'string' && /^#[0-9a-f]{6}$/i.test(v),
};

function isAmount(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

/** @throws `bad_catalog` naming file, line and key */
export function readLayer(path: string, name: string): Layer {
  const counter = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: counter });
  const fail = (message: string, keys: readonly string[] = []): never => {
    const node = document.getIn(keys, true) as { range?: [number, number, number] } | undefined;
    const at = node?.range ? `:${counter.linePos(node.range[0]).line}` : '';
    throw new StateaiError(
      'bad_catalog',
      `${path}${at}: ${message}`,
      'See docs/guides/catalog.md for what the file may say.',
    );
  };
  const [problem] = document.errors;
  if (problem) fail(problem.message.split('\n')[0] ?? 'not YAML');
  const raw = (document.toJS() ?? {}) as { models?: unknown; authors?: unknown };
  const layer: Layer = { name, models: new Map(), authors: new Map() };
  const read = <T>(part: 'models' | 'authors', types: typeof TYPES, into: Map<string, T>) => {
    const given = raw[part] ?? {};
    if (typeof given !== 'object' || Array.isArray(given))
      return fail(`"${part}" must be an object by name`, [part]);
    for (const [key, facts] of Object.entries(given as Record<string, unknown>)) {
      if (typeof facts !== 'object' || facts === null)
        fail(`${key}: expected facts such as open: true`, [part, key]);
      for (const [fact, value] of Object.entries(facts as Record<string, unknown>)) {
        const fits = Object.hasOwn(types, fact) ? types[fact] : undefined;
        if (!fits)
          fail(`${key}: "${fact}" is not a fact; facts are ${Object.keys(types).join(', ')}`, [
            part,
            key,
            fact,
          ]);
        else if (!fits(value)) fail(`${key}: "${fact}" has a value that does not fit`, [part, key, fact]);
      }
      into.set(key.toLowerCase(), { source: name, ...(facts as object) } as T);
    }
  };
  read('models', TYPES, layer.models);
  read('authors', AUTHOR_TYPES, layer.authors);
  return layer;
}

function fallbackColor(author: string): { light: string; dark: string } {
  if (author === 'unknown') return { light: '#9aa3b2', dark: '#6b7385' };
  const hue = (createHash('sha256').update(author).digest()[0] ?? 0) / 255;
  return { light: hex(hue, 0.45, 0.4), dark: hex(hue, 0.5, 0.68) };
}

function hex(hue: number, saturation: number, lightness: number): string {
  const channel = (n: number) => {
    const k = (n + hue * 12) % 12;
    const a = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
