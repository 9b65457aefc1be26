/** What a reader may narrow by, where each key is found, and the SQL condition that it becomes. */
import { CONTINENTS, type Continent, countriesOf } from '../catalog/regions.ts';
import { StateaiError } from '../generation/errors.ts';
import { identifier, literal } from './engine.ts';
import type { Days, Grain } from './periods.ts';

/** `model`: a fact of the catalog. `record`: a dimension of the records. `label`: what the sample was labelled with. */
export const FILTERS = {
  author: { of: 'model', column: 'author' },
  model: { of: 'model', column: 'model' },
  open: { of: 'model', column: 'openness' },
  origin: { of: 'model', column: 'origin' },
  size: { of: 'model', column: 'size' },
  reasoning: { of: 'model', column: 'reasoning' },
  variant: { of: 'record', column: 'variant' },
  provider: { of: 'record', column: 'provider' },
  byok: { of: 'record', column: 'byok' },
  country: { of: 'record', column: 'country' },
  region: { of: 'record', column: 'country' },
  routed_region: { of: 'record', column: 'region' },
  app: { of: 'record', column: 'app' },
  account_class: { of: 'record', column: 'account_class' },
  team: { of: 'record', column: 'team' },
  category: { of: 'label', column: 'category' },
} as const;
export type FilterKey = keyof typeof FILTERS;
type Kind = (typeof FILTERS)[FilterKey]['of'];
export const FILTER_KEYS = Object.keys(FILTERS) as FilterKey[];

export interface Selection extends Days {
  grain: Grain;
  /** Each key's values are alternatives; keys combine with AND. `unknown` selects what nobody states. */
  where: Partial<Record<FilterKey, string[]>>;
}

/** The keys of a selection. @throws `bad_filter` for one that does not exist */
export function keysOf(selection: Selection): FilterKey[] {
  const keys = Object.keys(selection.where) as FilterKey[];
  for (const key of keys)
    if (FILTERS[key] === undefined)
      throw new StateaiError(
        'bad_filter',
        `"${key}" is not a filter`,
        `Use one of ${FILTER_KEYS.join(', ')}.`,
      );
  return keys;
}

/** Columns of the records that a selection's filters look at. */
export function recordColumns(selection: Selection): string[] {
  const keys = keysOf(selection).filter((key) => FILTERS[key].of === 'record');
  return [...new Set(keys.map((key) => FILTERS[key].column))];
}

/** Values of the keys that have only a few; one that is none of them would select nothing, without a word. */
const CLOSED: Partial<Record<FilterKey, readonly string[]>> = {
  open: ['open', 'closed'],
  origin: ['chinese', 'row'],
  size: ['small', 'medium', 'large'],
  reasoning: ['true', 'false'],
  byok: ['true', 'false'],
  region: CONTINENTS,
};

/** Whether a dataset may have any value of the key, so that one can be mistyped. */
export const isOpenKey = (key: FilterKey): boolean => CLOSED[key] === undefined;

/** @throws `bad_filter` for a value that the key cannot have in any dataset */
export function checkValue(key: FilterKey, value: string): void {
  const plain = plainValue(key, value.toLowerCase());
  if (plain === 'unknown') return;
  const wrong = (use: string) =>
    new StateaiError('bad_filter', `"${value.slice(0, 80)}" is no ${key}`, `Use ${use}, or unknown.`);
  // The engine takes a NUL for the end of the query.
  if (value.includes('\0')) throw wrong('a value without NUL');
  const closed = CLOSED[key];
  if (closed && !closed.includes(plain)) throw wrong(closed.join(', '));
  if (key === 'country' && !/^[a-z]{2}$/.test(plain))
    throw wrong('a code of two letters (ISO 3166-1), such as DE');
}

/** A selection without days and without conditions on models. */
export function recordsOnly(selection: Selection): Selection {
  const keys = keysOf(selection).filter((key) => FILTERS[key].of === 'record');
  const where = Object.fromEntries(keys.sort().map((key) => [key, [...(selection.where[key] ?? [])].sort()]));
  return { from: null, to: null, grain: 'month', where };
}

export const narrowsModels = (selection: Selection): boolean =>
  keysOf(selection).some((key) => FILTERS[key].of === 'model');

/**
 * The conditions of a selection, without its days.
 * @param alias the relation that each kind of column is in
 * @param only conditions on this kind of column
 */
export function conditions(selection: Selection, alias: Record<Kind, string>, only?: Kind): string[] {
  return keysOf(selection)
    .filter((key) => !only || FILTERS[key].of === only)
    .map((key) => {
      const { of, column } = FILTERS[key];
      return condition(key, `${alias[of]}.${identifier(column)}`, selection.where[key] ?? []);
    });
}

function condition(key: FilterKey, field: string, values: readonly string[]): string {
  const alternatives = values.map((value) => value.toLowerCase());
  const named = alternatives.filter((v) => v !== 'unknown');
  const parts: string[] = [];
  if (named.length > 0) parts.push(isOneOf(key, field, named));
  if (alternatives.includes('unknown')) parts.push(isUnknown(key, field));
  return parts.length > 0 ? `(${parts.join(' OR ')})` : 'false';
}

function isOneOf(key: FilterKey, field: string, values: readonly string[]): string {
  const list = (items: readonly string[]) => (items.length > 0 ? items.map(literal).join(', ') : 'NULL');
  if (key === 'region')
    return `${field} IN (${list(values.flatMap((v) => countriesIn(plainValue(key, v))))})`;
  // Codes are stored in capitals: compared as they are, files that lack them need not be read.
  if (key === 'country') return `${field} IN (${list(values.map((v) => v.toUpperCase()))})`;
  if (key === 'open') return `${field} IN (${list(values.map((v) => plainValue(key, v)))})`;
  if (key === 'account_class') return `${field} IN (${list(values)})`;
  return `lower(${field}::VARCHAR) IN (${list(values.map((v) => plainValue(key, v)))})`;
}

function isUnknown(key: FilterKey, field: string): string {
  if (key === 'region') {
    const known = CONTINENTS.flatMap(countriesOf).map(literal).join(', ');
    return `(${field} IS NULL OR ${field} NOT IN (${known}))`;
  }
  return `(${field} IS NULL OR lower(${field}::VARCHAR) = 'unknown')`;
}

const countriesIn = (region: string): string[] =>
  CONTINENTS.includes(region as Continent) ? countriesOf(region as Continent) : [];

/** Other ways to say the same: `open=true` is `open=open`, `byok=yes` is `byok=true`, `north america` has its hyphen. */
function plainValue(key: FilterKey, value: string): string {
  if (key === 'region') return value.replaceAll(/[ _]/g, '-');
  if (key !== 'open' && key !== 'reasoning' && key !== 'byok') return value;
  const [yes, no] = key === 'open' ? ['open', 'closed'] : ['true', 'false'];
  if (['true', 'yes', '1'].includes(value)) return yes;
  return ['false', 'no', '0'].includes(value) ? no : value;
}
