/** The hand-written facts: files by author under `facts/`, one entry a model, each with its source. */
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
  /** Other full slugs of the same model. */
  aliases?: string[];
  /** Charts mark its release; a text is the label to use there. */
  notable?: boolean | string;
  /** A refresh changes only prices and context: public lists have another model, or a known mistake, under this slug. */
  pinned?: boolean;
  /** Who developed it, where the slug's first part does not say so. */
  author?: string;
  source?: string;
}

/** A source of facts; later layers override earlier ones, fact by fact. */
export interface Layer {
  name: string;
  /** By canonical `author/slug`, lower case. */
  models: Map<string, ModelFacts>;
  authors: Map<string, AuthorFacts>;
  /** Its slugs may be other spellings of known models; `refreshed` respects pinned facts too. */
  kind?: 'refreshed' | 'workspace';
}

export interface AuthorFacts {
  name?: string;
  country?: string | null;
  /** Where the country does not say it: community authors of no stated seat. */
  origin?: 'chinese' | 'row';
  light?: string;
  dark?: string;
  source?: string;
}

interface FactsFile {
  author: string | null;
  models: (ModelFacts & { slug: string })[];
}

/** Reads the facts that come with the program. */
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
