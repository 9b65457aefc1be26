/** The hand-written facts: one file an author under `facts/`, one line a model, each with its source. */
import { readdirSync, readFileSync } from 'node:fs';

/** What a layer states of one model. An absent key says nothing; null says that nobody knows. */
export interface ModelFacts {
  name?: string;
  open?: boolean | null;
  /** Total parameters, in billions. */
  params?: number | null;
  reasoning?: boolean | null;
  released?: string | null;
  /** USD per million tokens. */
  promptPrice?: number | null;
  completionPrice?: number | null;
  cachedPrice?: number | null;
  contextTokens?: number | null;
  aliases?: string[];
  notable?: boolean;
  author?: string;
  source?: string;
}

/** A source of facts; later layers override earlier ones, fact by fact. */
export interface Layer {
  name: string;
  /** By canonical `author/slug`, lower case. */
  models: Map<string, ModelFacts>;
  authors: Map<string, AuthorFacts>;
}

export interface AuthorFacts {
  name?: string;
  country?: string | null;
  light?: string;
  dark?: string;
  source?: string;
}

interface FactsFile {
  author: string | null;
  models: (ModelFacts & { slug: string })[];
}

export function ownFacts(): Layer {
  const layer: Layer = { name: 'StateAI', models: new Map(), authors: new Map() };
  const directory = new URL('./facts/', import.meta.url);
  for (const name of readdirSync(directory).sort()) {
    if (!name.endsWith('.json')) continue;
    const file = JSON.parse(readFileSync(new URL(name, directory), 'utf8')) as FactsFile;
    for (const { slug, ...facts } of file.models)
      layer.models.set(file.author ? `${file.author}/${slug}` : slug, facts);
  }
  const authors = JSON.parse(readFileSync(new URL('./authors.json', import.meta.url), 'utf8')) as ({
    author: string;
  } & AuthorFacts)[];
  for (const { author, ...facts } of authors) layer.authors.set(author, facts);
  return layer;
}
