/**
 * The roll-up: a classifier's path becomes one category and one tag inside it. Which, a readable table says
 * (`taxonomy/rollup.yaml`, or the workspace's own `rollup.yaml`).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { explain, StateaiError } from '../generation/errors.ts';
import { contentHash } from '../generation/ids.ts';
import { CATEGORIES } from './categories.ts';

export { CATEGORIES } from './categories.ts';

export interface Placement {
  category: string;
  tag: string;
}

export interface Rollup {
  /** Content hash of the table: changes when any line does. */
  version: string;
  /**
   * A path that no line covers, or none at all, is other/other. A second, less confident path never changes the
   * category; where the table refines the category by it, it gives the tag.
   */
  resolve(path: string | null, second?: string | null): Placement;
}

const NOWHERE: Placement = { category: 'other', tag: 'other' };
/** The part of the table that says which second labels refine a tag. */
const REFINE = 'refine';
/** The tag that is made from the path. */
const FROM_PATH = '*';

/** @throws `bad_rollup` when the workspace's table is not one */
export function loadRollup(dataDir?: string): Rollup {
  const own = dataDir ? join(dataDir, 'rollup.yaml') : null;
  const file = own && existsSync(own) ? own : new URL('./taxonomy/rollup.yaml', import.meta.url);
  try {
    return rollupOf(readFileSync(file, 'utf8'));
  } catch (error) {
    if (file instanceof URL) throw error;
    throw explain(error, `Reading ${file}`);
  }
}

/** @param text the table as YAML: category → path prefix → tag, and under `refine` the same for second labels */
export function rollupOf(text: string): Rollup {
  const lines = new Map<string, Placement>();
  const bad = (problem: string) =>
    new StateaiError('bad_rollup', `Roll-up: ${problem}`, 'Each category lists path prefixes with a tag.');
  const table: unknown = parse(text);
  if (typeof table !== 'object' || table === null || Array.isArray(table)) throw bad('no categories');
  const { [REFINE]: refine, ...categories } = table as Record<string, unknown>;
  for (const [category, prefixes] of Object.entries(categories)) {
    if (!(CATEGORIES as readonly string[]).includes(category))
      throw bad(`"${category}" is not a category; use ${CATEGORIES.join(', ')}`);
    for (const [prefix, tag] of Object.entries((prefixes ?? {}) as Record<string, unknown>)) {
      if (!/^\/[^/]/.test(prefix) || prefix.endsWith('/'))
        throw bad(`"${prefix}" does not look like /Path/Prefix`);
      if (typeof tag !== 'string' || tag === '') throw bad(`${prefix} has no tag`);
      const before = lines.get(prefix);
      if (before) throw bad(`${prefix} is in ${before.category} and in ${category}`);
      lines.set(prefix, { category, tag });
    }
  }
  const refinements = refinementsOf(refine, bad);
  return {
    version: contentHash(text),
    resolve(path, second = null) {
      const placed = place(lines, path);
      const tag = place(refinements.get(placed.category) ?? NO_LINES, second);
      return second && tag !== NOWHERE ? { ...placed, tag: tag.tag } : placed;
    },
  };
}

type Lines = ReadonlyMap<string, Placement>;
const NO_LINES: Lines = new Map();

function refinementsOf(refine: unknown, bad: (problem: string) => StateaiError): ReadonlyMap<string, Lines> {
  const out = new Map<string, Lines>();
  for (const [category, prefixes] of Object.entries((refine ?? {}) as Record<string, unknown>)) {
    if (!(CATEGORIES as readonly string[]).includes(category)) throw bad(`"${category}" cannot be refined`);
    const lines = Object.entries((prefixes ?? {}) as Record<string, unknown>).map(
      ([prefix, tag]): [string, Placement] => {
        if (typeof tag !== 'string' || tag === '') throw bad(`${prefix} has no tag`);
        return [prefix, { category, tag }];
      },
    );
    out.set(category, new Map(lines));
  }
  return out;
}

function place(lines: Lines, path: string | null): Placement {
  if (!path) return NOWHERE;
  const segments = path.replace(/\/+$/, '').split('/');
  for (let depth = segments.length; depth > 1; depth--) {
    const found = lines.get(segments.slice(0, depth).join('/'));
    if (!found) continue;
    if (found.tag !== FROM_PATH) return found;
    return { category: found.category, tag: tagFrom(segments[depth - 1] ?? '', segments[depth]) };
  }
  return NOWHERE;
}

function tagFrom(last: string, beneath: string | undefined): string {
  const named = beneath && !/^(other|\?)$/i.test(beneath);
  return (named ? beneath : `${last}, other`).toLowerCase();
}
