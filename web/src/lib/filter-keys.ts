/** What traffic can be narrowed by, and the values of the keys that have only a few. */
import { CATEGORIES } from '../../../src/classify/categories.ts';

export const FILTER_KEYS = [
  'author',
  'model',
  'open',
  'origin',
  'size',
  'reasoning',
  'category',
  'region',
  'country',
  'provider',
  'app',
  'account_class',
  'team',
  'byok',
] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];

/** Every value that such a key can have by itself. The others are names that the dataset knows. */
export const CLOSED = {
  open: ['open', 'closed', 'unknown'],
  origin: ['chinese', 'row', 'unknown'],
  size: ['small', 'medium', 'large', 'unknown'],
  reasoning: ['true', 'false', 'unknown'],
  category: CATEGORIES,
  region: ['africa', 'asia', 'europe', 'north-america', 'south-america', 'oceania', 'antarctica', 'unknown'],
  account_class: ['large', 'regular', 'unknown'],
  byok: ['true', 'false', 'unknown'],
} as const;
export type ClosedKey = keyof typeof CLOSED;
export type ClosedLabel = {
  [K in ClosedKey]: `filters.values.${K}.${(typeof CLOSED)[K][number]}`;
}[ClosedKey];

/** A join file may name more classes of accounts. */
export const isExtendable = (key: string): boolean => key === 'account_class';

export const isClosed = (key: string): key is ClosedKey => Object.hasOwn(CLOSED, key);

/** `open=true` means the same as `open=open`. */
const SAME: Partial<Record<string, Record<string, string>>> = {
  open: { true: 'open', yes: 'open', false: 'closed', no: 'closed' },
};

/** The message that names a value of a closed key; null for any other value. */
export function closedLabel(key: string, value: string): ClosedLabel | null {
  if (!isClosed(key)) return null;
  const plain = SAME[key]?.[value.toLowerCase()] ?? value.toLowerCase();
  return (CLOSED[key] as readonly string[]).includes(plain)
    ? (`filters.values.${key}.${plain}` as ClosedLabel)
    : null;
}
