/** Which rows of a table a mapping is for (`only`), as SQL. */
import { identifier } from '../../warehouse/engine.ts';
import type { Mapping } from './mapping.ts';
import { firstOf, missingColumn, type TextOptions } from './source-text.ts';
import { quote } from './typed-value.ts';

/** @returns a condition that is never NULL; null when the mapping is for all rows; @throws `missing_column` */
export function keptRows(mapping: Mapping, options: TextOptions): string | null {
  const { only } = mapping;
  if (!only) return null;
  const source = { columns: only.columns };
  const text = firstOf(only.columns, source, options);
  if (!text) {
    if (only.optional) return null;
    throw missingColumn('only', source, options);
  }
  const oneOf = (words: readonly string[]) => words.map((w) => `${text} = ${quote(w)}`).join(' OR ');
  if (only.notIn) return `NOT coalesce(${oneOf(only.notIn)}, false)`;
  // A line that is no row at all has no value either: it is kept, to be refused with a reason.
  const empty = options.columns.map((c) => `${identifier(c)} IS NULL`).join(' AND ');
  const wanted = only.present ? `${text} IS NOT NULL` : `coalesce(${oneOf(only.in ?? [])}, false)`;
  return `(${wanted} OR (${empty}))`;
}
