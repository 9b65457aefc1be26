/**
 * What of a row reaches the disk: the columns and paths that its mapping reads, and nothing else. Prompts, answers and
 * whatever else a source carries end here.
 */
import type { Row } from './source.ts';

/** A copy that holds only the scalars at the given paths; in a path's last step `*` stands for anything. */
export function projection(paths: readonly string[]): (row: Row) => Row {
  const plain = paths.filter((path) => !path.includes('*')).map((path) => path.split('.'));
  const patterns = paths.filter((path) => path.includes('*')).map(patternOf);
  return (row) => {
    const kept: Row = {};
    for (const path of plain) put(kept, path, scalar(valueAt(row, path)));
    for (const { outer, key } of patterns) {
      const object = valueAt(row, outer);
      if (typeof object !== 'object' || object === null || Array.isArray(object)) continue;
      for (const [name, value] of Object.entries(object))
        if (key.test(name)) put(kept, [...outer, name], scalar(value));
    }
    return kept;
  };
}

function patternOf(path: string): { outer: string[]; key: RegExp } {
  const steps = path.split('.');
  const words = (steps.at(-1) as string)
    .split('*')
    .map((word) => word.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return { outer: steps.slice(0, -1), key: new RegExp(`^${words.join('.*')}$`, 's') };
}

function valueAt(row: Row, path: readonly string[]): unknown {
  let value: unknown = row;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Row)[step];
  }
  return value;
}

const scalar = (value: unknown): unknown => (typeof value === 'object' && value !== null ? undefined : value);

/** Sets the value at a path; nothing for `undefined`. */
export function put(row: Row, path: readonly string[], value: unknown): void {
  if (value === undefined) return;
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
