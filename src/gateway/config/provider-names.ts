/** What requests and lists call a provider, and which providers stand for many. */
import type { Provider } from './config.ts';

/** @param name a provider's slug, its name, or its slug with more behind a slash; lower case */
export const isNamed = ({ slug, name: title }: Provider, name: string): boolean =>
  name === slug || name === title.toLowerCase() || name.startsWith(`${slug}/`);

/**
 * It chooses between providers of its own, and takes the contract's additions for that (`provider`, variants): OpenRouter
 * and its like, which spell models as the contract does.
 */
export const isAggregator = ({ spelling }: Provider): boolean => spelling === 'slug';
