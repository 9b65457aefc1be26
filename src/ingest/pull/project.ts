/**
 * What of a row reaches the disk: the columns and paths that its mapping reads, and nothing else. Prompts, answers and
 * whatever else a source carries end here.
 */
import type { Mapping } from '../tabular/mapping.ts';
import type { Row } from './source.ts';

/** Every column and path (`usage.input`) that a mapping reads. */
export function mappedColumns(mapping: Mapping): string[] {
  return [...new Set(Object.values(mapping.fields).flatMap((source) => source.columns))];
}

/** A copy that holds only scalars at the given paths. */
export function projection(columns: readonly string[]): (row: Row) => Row {
  const paths = columns.map((column) => column.split('.'));
  return (row) => {
    const kept: Row = {};
    for (const path of paths) {
      const value = valueAt(row, path);
      if (value !== undefined) put(kept, path, value);
    }
    return kept;
  };
}

type Scalar = string | number | boolean;

function valueAt(row: Row, path: readonly string[]): Scalar | undefined {
  let value: unknown = row;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Row)[step];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

function put(row: Row, path: readonly string[], value: Scalar): void {
  let at = row;
  for (const step of path.slice(0, -1)) {
    const next = at[step];
    // A path may run through another path's value; the value that came first stays.
    if (next !== undefined && typeof next !== 'object') return;
    at[step] ??= {};
    at = at[step] as Row;
  }
  at[path.at(-1) as string] = value;
}
