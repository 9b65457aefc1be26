/** What the reader has chosen, kept in the address and nowhere else. */
import type { ExhibitResult, Grain, Kind } from '../../../src/exhibits/contract.ts';
import { closedLabel, FILTER_KEYS, isClosed, isExtendable } from './filter-keys.ts';

export type Lang = 'en' | 'zh';

export interface View {
  dataset?: string;
  from?: string;
  to?: string;
  grain?: Grain;
  lang?: Lang;
  /** `key=value`, as the API takes them. */
  where?: string[];
  /** Models whose cohorts are drawn; only the exhibits of retention look at it. */
  cohorts?: string[];
}

const MAX_FILTERS = 20;
export const MAX_COHORTS = 12;
const LISTS: readonly string[] = ['where', 'cohorts'];

/** Whatever an address says, this makes a valid view of it; what is not understood is left out. */
export function parseView(raw: Record<string, unknown>): View {
  const where = [...new Set([raw.where].flat())].filter(isFilter).slice(0, MAX_FILTERS);
  const cohorts = [...new Set([raw.cohorts].flat())].filter(isName).slice(0, MAX_COHORTS);
  const view: View = {
    dataset: isName(raw.dataset) ? raw.dataset : undefined,
    from: isDay(raw.from) ? raw.from : undefined,
    to: isDay(raw.to) ? raw.to : undefined,
    grain: raw.grain === 'day' || raw.grain === 'week' || raw.grain === 'month' ? raw.grain : undefined,
    lang: raw.lang === 'en' || raw.lang === 'zh' ? raw.lang : undefined,
    where: where.length > 0 ? where : undefined,
    cohorts: cohorts.length > 0 ? cohorts : undefined,
  };
  if (view.from && view.to && view.from > view.to) [view.from, view.to] = [view.to, view.from];
  for (const key of Object.keys(view) as (keyof View)[]) if (view[key] === undefined) delete view[key];
  return view;
}

/** Whether only a part of the dataset is asked for. */
export const isNarrowed = ({ from, to, where }: View): boolean => Boolean(from ?? to ?? where);

/** What a change says to have the whole dataset again. */
export const WIDE: Partial<View> = { from: undefined, to: undefined, where: undefined };

/** Fewer days than these are read by day: one or two weeks have no course. */
const SHORT = 15;

/** The length of periods where the reader chose none: weeks, and days where the time looked at is short. */
export function grainOf(view: View, covered: { from: string | null; to: string | null }): Grain {
  if (view.grain) return view.grain;
  const [from, to] = [view.from ?? covered.from, view.to ?? covered.to];
  if (!from || !to) return 'week';
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return days < SHORT ? 'day' : 'week';
}

/** What an address asks for and `parseView` leaves out, as it stands there; parameters of others are nobody's business. */
export function ignoredIn(raw: Record<string, unknown>): string[] {
  const view = parseView(raw);
  return (['from', 'to', 'grain', 'lang', 'dataset', 'where', 'cohorts'] as const).flatMap((key) => {
    const kept: unknown[] = [view[key]].flat();
    const asked = [...new Set([raw[key]].flat())].filter((each) => each !== undefined && each !== '');
    const left = asked.filter((each) => !kept.includes(each));
    // Swapped ends are both there.
    if ((key === 'from' || key === 'to') && view.from && view.to) return [];
    return left.map((each) => `${key}=${String(each).slice(0, 60)}`);
  });
}

/** Plain `a=b&where=c=d`: readable, and the same as the API's own. */
export function parseSearch(text: string): Record<string, unknown> {
  const query = new URLSearchParams(text);
  const raw: Record<string, unknown> = {};
  for (const key of query.keys()) raw[key] = LISTS.includes(key) ? query.getAll(key) : query.get(key);
  return raw;
}

export function stringifySearch(view: View): string {
  const text = viewQuery(view).toString();
  return text === '' ? '' : `?${text}`;
}

export function viewQuery(view: View): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(view))
    for (const each of [value].flat()) if (typeof each === 'string' && each !== '') query.append(key, each);
  return query;
}

/** What an exhibit of this kind is asked with: the picked models narrow the cohorts and nothing else. */
export function viewFor(kind: Kind, { cohorts, ...view }: View): View {
  if (kind !== 'cohorts' || !cohorts) return view;
  const others = (view.where ?? []).filter((filter) => splitFilter(filter)[0] !== 'model');
  return { ...view, where: [...others, ...cohorts.map((model) => `model=${model}`)] };
}

export const isDay = (value: unknown): value is string => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
};

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 200;

function isFilter(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 300) return false;
  const [key, wanted] = splitFilter(value);
  if (!(FILTER_KEYS as readonly string[]).includes(key) || wanted === '') return false;
  return !isClosed(key) || isExtendable(key) || closedLabel(key, wanted) !== null;
}

export function splitFilter(filter: string): [key: string, value: string] {
  const at = filter.indexOf('=');
  return at === -1 ? [filter, ''] : [filter.slice(0, at), filter.slice(at + 1)];
}

/** What a view is narrowed to, as results tell it. */
export function filtersOf({ from, to, where }: View): Omit<ExhibitResult['provenance']['filters'], 'grain'> {
  const chosen = Object.groupBy((where ?? []).map(splitFilter), ([key]) => key);
  const values = Object.entries(chosen).map(([key, all = []]) => [key, all.map(([, value]) => value)]);
  return { from: from ?? null, to: to ?? null, where: Object.fromEntries(values) };
}
