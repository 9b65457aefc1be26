/** Reads from an exhibit's result the number that stands beside a printed one. What is not there is null. */
import { verdictOf } from '../readings/cohort-verdicts.ts';
import { mean, median } from '../readings/statistics.ts';
import type { ExhibitResult, Row } from './contract.ts';
import type { Exhibit, Published } from './define.ts';

/** The study's window; content labels exist only from May 2025 on. */
export const STUDY_WINDOW = { from: '2024-11-03', to: '2025-11-30', labelsFrom: '2025-05-01' } as const;
/** `start` and `end` are means over so many whole weeks. */
const WEEKS_AT_AN_END = 4;

export interface Measured {
  value: number | null;
  /** For orders and verdicts. */
  found: string | null;
  within: boolean | null;
}

const number = (value: number | null): Measured => ({ value, found: null, within: null });
const keysOf = (p: Published): readonly string[] => (typeof p.series === 'string' ? [p.series] : p.series);

export function measure(
  exhibit: Exhibit,
  result: ExhibitResult,
  p: Published,
  published: readonly Published[],
): Measured {
  switch (p.stat) {
    case 'fact': {
      const fact = result.facts[String(p.series)];
      return number(typeof fact === 'number' ? fact : null);
    }
    case 'proportion':
      return number(proportion(result.rows, p, published));
    case 'retention':
      return number(retention(result.rows, p));
    case 'price':
    case 'use':
      return number(ofModel(result.rows, p));
    case 'verdict':
      return exhibit.kind === 'cohorts' ? cohortVerdict(result.rows, p) : segment(result, p);
    case 'total':
    case 'largest':
      return number(
        result.kind === 'composition' ? tagShare(result.rows, p) : ofLanguages(result.rows, p, published),
      );
    case 'order':
      return order(exhibit, result, p);
    default:
      return number(overWeeks(exhibit, result, p));
  }
}

/** Values by whole week of the study's window, or of the moment that is asked for. */
function weeksOf(exhibit: Exhibit, result: ExhibitResult, p: Published): Map<string, Row[]> {
  const rows = result.rows.filter(
    (r) => r.partial !== true && r.value !== null && (p.panel === undefined || r.panel === p.panel),
  );
  const from = exhibit.needs.includes('labels') ? STUDY_WINDOW.labelsFrom : STUDY_WINDOW.from;
  const inside = (week: string) =>
    p.at === undefined || p.stat === 'order'
      ? week >= from && addDays(week, 6) <= STUDY_WINDOW.to
      : isAt(week, p.at);
  const all = [...Map.groupBy(rows, (r) => String(r.period))].sort(([a], [b]) => a.localeCompare(b));
  const read = all.filter(([week]) => inside(week));
  // Traffic of another time is compared by its own course.
  return new Map(read.length === 0 && p.at === undefined ? all : read);
}

/** A month, a week by its Monday, or the months from one to another. */
function isAt(week: string, at: string): boolean {
  const [from = '', to = from] = at.split('/');
  return week.slice(0, from.length) >= from && week.slice(0, to.length) <= to;
}

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** The sum of the series in one week. A share without a row is 0, a mean without one is unknown. */
function sumOf(rows: readonly Row[], keys: readonly string[], unit: string): number | null {
  const values = rows.filter((r) => keys.includes(String(r.series))).flatMap((r) => r.value ?? []);
  if (values.length === 0 && unit !== 'share') return null;
  return values.reduce<number>((sum, value) => sum + Number(value), 0);
}

function overWeeks(exhibit: Exhibit, result: ExhibitResult, p: Published): number | null {
  const weeks = [...weeksOf(exhibit, result, p).values()];
  const keys = keysOf(p);
  const at = ends(weeks, p);
  if (keys.includes('*')) return maximum([...meansBySeries(at).values()]);
  if (p.stat === 'ratio') {
    const [top, bottom] = keys.map((key) => weeks.map((rows) => sumOf(rows, [key], result.unit)));
    const ratios = (top ?? []).flatMap((a, i) => {
      const b = bottom?.[i];
      return a === null || !b ? [] : [a / b];
    });
    return median(ratios);
  }
  const values = at.flatMap((rows) => sumOf(rows, keys, result.unit) ?? []);
  switch (p.stat) {
    case 'typical':
      return median(values);
    case 'min':
      return values.length > 0 ? Math.min(...values) : null;
    case 'max':
      return maximum(values);
    default:
      return mean(values);
  }
}

/** The weeks that a stat reads. */
function ends(weeks: Row[][], p: Published): Row[][] {
  if (p.at !== undefined && p.stat !== 'order') return weeks;
  if (p.stat === 'start') return weeks.slice(0, WEEKS_AT_AN_END);
  return p.stat === 'end' || p.stat === 'order' ? weeks.slice(-WEEKS_AT_AN_END) : weeks;
}

/** Mean of each named series over the weeks. */
function meansBySeries(weeks: readonly Row[][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of weeks.flat()) {
    const key = String(row.series);
    if (key === 'other' || key === 'unknown') continue;
    sums.set(key, (sums.get(key) ?? 0) + Number(row.value ?? 0) / weeks.length);
  }
  return sums;
}

function order(exhibit: Exhibit, result: ExhibitResult, p: Published): Measured {
  const weeks = ends([...weeksOf(exhibit, result, p).values()], p);
  const leading = [...meansBySeries(weeks)].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  const keys = keysOf(p);
  const found = leading.slice(0, keys.length);
  if (found.length === 0) return number(null);
  return { value: null, found: found.join(', '), within: found.join() === keys.join() };
}

/** Each author's part of the authors that the study lists. */
function proportion(rows: readonly Row[], p: Published, published: readonly Published[]): number | null {
  const tokens = (key: string) => Number(rows.find((r) => r.author === key)?.tokens ?? 0);
  const listed = published.filter((q) => q.stat === 'proportion').flatMap(keysOf);
  const whole = listed.reduce((sum, key) => sum + tokens(key), 0);
  return whole > 0 ? tokens(String(p.series)) / whole : null;
}

function tagShare(rows: readonly Row[], p: Published): number | null {
  const inside = rows.filter((r) => r.group === p.panel);
  if (inside.length === 0) return null;
  if (p.stat === 'largest')
    return maximum(inside.filter((r) => r.series !== 'other').map((r) => Number(r.value))) ?? 0;
  return sumOf(inside, keysOf(p), 'share');
}

/** Codes that say the same: Chinese without a script is nearly always the simplified one. */
const SAME_LANGUAGE: Record<string, string> = { zh: 'zh-Hans' };

/** A language with its regional variants; `other` is whatever is not listed. */
function ofLanguages(rows: readonly Row[], p: Published, published: readonly Published[]): number | null {
  if (rows.length === 0) return null;
  const matches = (row: Row, keys: readonly string[]) => {
    const code = String(row.language).replace(/-[A-Z]{2}$/, '');
    return keys.includes(SAME_LANGUAGE[code] ?? code);
  };
  const listed = published.flatMap(keysOf).filter((key) => key !== 'other');
  const own = rows.filter((r) => (p.series === 'other' ? !matches(r, listed) : matches(r, keysOf(p))));
  return own.reduce((sum, r) => sum + Number(r.share), 0);
}

function ofModel(rows: readonly Row[], p: Published): number | null {
  const row = rows.find((r) => r.model === p.series);
  if (!row) return null;
  if (p.stat === 'price') return Number(row.x ?? row.usd_per_million);
  const tokens = Number(row.y ?? row.tokens);
  return tokens > 0 ? Math.log10(tokens) : null;
}

/** The segment in which a model lies, from a table of segments or from the dots and their medians. */
function segment({ rows, facts }: ExhibitResult, p: Published): Measured {
  const row = rows.find((r) => r.model === p.series);
  if (!row) return number(null);
  const dear = Number(row.x) >= Number(facts.median_x);
  const used = Number(row.y) >= Number(facts.median_y);
  const [cheapName, dearName] = used
    ? ['efficient-giants', 'premium-leaders']
    : ['long-tail', 'premium-specialists'];
  const found = typeof row.segment === 'string' ? row.segment : dear ? dearName : cheapName;
  return { value: null, found, within: found === p.verdict };
}

function retention(rows: readonly Row[], p: Published): number | null {
  const row = rows.find(
    (r) => r.model === p.series && String(r.cohort).slice(0, 7) === p.cohort && r.age === p.age,
  );
  return row?.value === undefined || row.value === null ? null : Number(row.value);
}

function cohortVerdict(rows: readonly Row[], p: Published): Measured {
  const own = rows.filter((r) => r.model === p.series);
  const { verdicts, standouts, returns } = verdictOf(own);
  if (verdicts.length === 0) return number(null);
  const months = p.verdict === 'boomerang' ? returns.map((r) => r.cohort) : standouts;
  const named = p.cohort === undefined || months.some((month) => month.startsWith(p.cohort ?? ''));
  const found = [verdicts.join(', '), ...months.map((month) => month.slice(0, 7))].join(' ');
  return { value: null, found, within: verdicts.some((v) => v === p.verdict) && named };
}

const maximum = (values: readonly number[]): number | null =>
  values.length > 0 ? Math.max(...values) : null;
