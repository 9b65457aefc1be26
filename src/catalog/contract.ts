/** What the catalog knows of models and authors. Facts only; traffic is not its business. */

/** A model as the catalog answers for it. null and 'unknown' mean that nobody told us. */
export interface ResolvedModel {
  /** Canonical `author/slug`; for a model nobody knows, the cleaned slug as the source gave it. */
  model: string;
  name: string;
  author: string;
  authorName: string;
  /** Weights publicly downloadable (open) or API only (closed). */
  openness: 'open' | 'closed' | 'unknown';
  /** `chinese`: developed by an organisation of mainland China, Taiwan or Hong Kong; `row`: rest of world. */
  origin: 'chinese' | 'row' | 'unknown';
  /** Total parameters in billions. */
  totalParameters: number | null;
  /** Open models by total parameters: small < 15 B, medium 15 … < 70 B, large ≥ 70 B. Unknown for closed models too. */
  size: 'small' | 'medium' | 'large' | 'unknown';
  /** The model natively produces reasoning tokens. */
  reasoning: boolean | null;
  /** ISO date. */
  released: string | null;
  /** List prices, USD per million tokens. */
  promptPrice: number | null;
  completionPrice: number | null;
  cachedPrice: number | null;
  contextTokens: number | null;
  /** At least the model itself was found; single facts may still be unknown. */
  known: boolean;
  /** Which layer or page each known fact came from. */
  sources: Record<string, string>;
}

export interface Author {
  author: string;
  name: string;
  /** ISO 3166-1 alpha-2 of the developing organisation's seat; null = unknown. */
  country: string | null;
  origin: 'chinese' | 'row' | 'unknown';
  color: { light: string; dark: string };
  source: string;
}

export interface NotableRelease {
  date: string;
  model: string;
  label: string;
}

export interface Catalog {
  /** Content hash of everything that went in: changes when any fact changes. */
  version: string;
  /** Resolves dated slugs, variants and vendor names. `slug` may carry a `:variant`, which is ignored. */
  resolve(slug: string): ResolvedModel;
  author(author: string): Author;
  /** Models whose release the study's charts annotate, in order of date. */
  notableReleases: readonly NotableRelease[];
  /** Every known model, for listing. */
  models(): readonly ResolvedModel[];
}
