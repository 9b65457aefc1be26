/** What the references are made of: plain sums over records. No lake, no marts, no SQL. */
import { expect } from 'vitest';
import type { Catalog } from '../../catalog/contract.ts';
import { CONTINENT_OF } from '../../catalog/regions.ts';
import { loadRollup } from '../../classify/rollup.ts';
import type { Generation } from '../../generation/generation.ts';
import type { Row } from '../contract.ts';

/** A value by everything that names it, joined with ` | `; null where nothing can be said. */
export type Reference = Map<string, number | null>;
type List = readonly Generation[];

export const weekOf = (ms: number): string => {
  const day = Math.floor(ms / 86_400_000);
  return new Date((day - ((day + 3) % 7)) * 86_400_000).toISOString().slice(0, 10);
};
export const monthOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 7)}-01`;

export const sum = (list: List, value: (g: Generation) => number | null): number =>
  list.reduce((s, g) => s + (value(g) ?? 0), 0);
export const tokens = (list: List): number => sum(list, (g) => g.totalTokens);
export const quotient = (a: number, b: number): number | null => (b === 0 ? null : a / b);

/** One value a week and series. @param panel put in front of each name */
export function byWeek(of: List, make: (week: List) => Record<string, number | null>, panel = ''): Reference {
  const out: Reference = new Map();
  for (const [week, list] of Map.groupBy(of, (g) => weekOf(g.createdAt)))
    for (const [series, value] of Object.entries(make(list)))
      out.set([...(panel ? [panel] : []), week, series].join(' | '), value);
  return out;
}

export function shares(
  of: List,
  series: (g: Generation) => string,
  weight: (g: Generation) => number = (g) => g.totalTokens,
  panel = '',
): Reference {
  const all = [...new Set(of.map(series))];
  const total = (list: List) => sum(list, weight);
  const make = (week: List) =>
    Object.fromEntries(
      all.map((s) => [s, quotient(total(week.filter((g) => series(g) === s)), total(week))]),
    );
  return byWeek(of, make, panel);
}

/** The same answer for a record asked about again. */
function once<T>(answer: (g: Generation) => T): (g: Generation) => T {
  const known = new Map<Generation, T>();
  return (g) => {
    if (!known.has(g)) known.set(g, answer(g));
    return known.get(g) as T;
  };
}

/** Everything that the references ask of models, labels and places. */
export function knowledge(catalog: Catalog) {
  const rollup = loadRollup();
  const facts = once((g: Generation) => catalog.resolve(g.model));
  return {
    facts,
    group(g: Generation): string {
      const { openness, origin } = facts(g);
      if (openness === 'closed') return 'closed';
      if (openness !== 'open') return 'unknown';
      return origin === 'chinese' ? 'open-chinese' : 'open-row';
    },
    /** null: not in the labelled sample. */
    placed: once((g: Generation): { category: string; tag: string } | null => {
      if (g.labels === null) return null;
      const sure = g.labels.filter((l) => l.confidence >= 0.5).sort((a, b) => b.confidence - a.confidence);
      return rollup.resolve(sure[0]?.path ?? null, sure[1]?.path);
    }),
    continent: (g: Generation): string => (g.country && CONTINENT_OF.get(g.country)) || 'unknown',
  };
}
export type Knowledge = ReturnType<typeof knowledge>;

/** How many generations a labelled one stands for. */
export const weight = (g: Generation): number => 1 / (g.sampleRate ?? 1);
/** What was paid and not with the user's own key; null where that is not known. */
export const paid = (g: Generation): number | null => (g.byok === true ? null : g.cost);
export const paidTokens = (g: Generation): number => (paid(g) === null ? 0 : g.totalTokens);

/** @param names columns that name a value */
export function compare(
  rows: readonly Row[],
  reference: Reference,
  names: readonly string[],
  value = 'value',
) {
  const key = (row: Row) => names.map((name) => String(row[name])).join(' | ');
  expect(rows.map(key).sort()).toEqual([...reference.keys()].sort());
  for (const row of rows) {
    const expected = reference.get(key(row));
    if (expected === null || expected === undefined) expect(row[value], key(row)).toBeNull();
    else expect(Number(row[value]) / (expected || 1), key(row)).toBeCloseTo(expected === 0 ? 0 : 1, 9);
  }
}

/** Filters with what each keeps, for exhibits that can take them. */
export const filters = ({ facts, continent, placed }: Knowledge) => ({
  'provider=a': (g: Generation) => g.provider === 'a',
  'country=unknown': (g: Generation) => g.country === null,
  'byok=true': (g: Generation) => g.byok === true,
  'open=true': (g: Generation) => facts(g).openness === 'open',
  'author=openai': (g: Generation) => facts(g).author === 'openai',
  'origin=chinese': (g: Generation) => facts(g).origin === 'chinese',
  'app=x': (g: Generation) => g.app === 'x',
  'region=europe': (g: Generation) => continent(g) === 'europe',
  'category=programming': (g: Generation) => placed(g)?.category === 'programming',
});
export type FilterText = keyof ReturnType<typeof filters>;
