/** What a sentence is made of, and the ways in which all of them read rows. */
import { type Lang, message, messageOrNull, type Values } from '../../messages/messages.ts';
import { median } from '../../readings/statistics.ts';
import { listed, withinPeriod } from '../amounts.ts';
import type { Cell, ExhibitResult, Grain, Row, SeriesInfo } from '../contract.ts';
import type { Exhibit } from '../define.ts';

export interface Story {
  exhibit: Exhibit;
  rows: readonly Row[];
  series: readonly SeriesInfo[];
  groups: readonly SeriesInfo[];
  panels: ExhibitResult['panels'];
  facts: Readonly<Record<string, Cell>>;
  lang: Lang;
  grain: Grain;
}

export const labelOf = (infos: readonly { key: string; label: string }[], key: unknown): string =>
  infos.find((info) => info.key === key)?.label ?? String(key);

/** A series as the subject of a sentence: "Chinese open models" where the legend says "Chinese open". */
export const subjectOf = (story: Story, key: string): string =>
  messageOrNull(story.lang, `subjects.${key}`) ?? labelOf(story.series, key);

/** What the shares of an exhibit are shares of, "all tokens"; "none" where it has no shares or its panels say it. */
const wholeOf = ({ exhibit, lang }: Story): string =>
  messageOrNull(lang, `exhibits.${exhibit.id}.whole`) ?? 'none';

export const largest = (rows: readonly Row[], column = 'value'): Row | undefined =>
  rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || Number(row[column]) > Number(best[column]) ? row : best),
    undefined,
  );

/**
 * The rows that are as large as the largest, as far as the sentence shows it: who reads the same number twice does not
 * believe that one of the two leads. In their order; empty where there are no rows.
 * @param text the number as the sentence has it
 */
export function tops(
  rows: readonly Row[],
  text: (value: Cell | undefined) => string,
  column = 'value',
): Row[] {
  const top = largest(rows, column);
  return top ? rows.filter((row) => text(row[column]) === text(top[column])) : [];
}

/** How many of those that are level are named. */
export const NAMED_LEVEL = 3;

/** "A, B and C"; "A, B, C and 4 more". */
export const some = (names: readonly string[], lang: Lang): string => {
  const more = names.length - NAMED_LEVEL;
  const rest = more > 0 ? [message(lang, 'statements.more-names', { more })] : [];
  return listed([...names.slice(0, NAMED_LEVEL), ...rest], lang);
};

/** Periods at the beginning with less than this part of the usual requests are too thin for shares and means. */
const THIN = 0.25;

/**
 * The periods that may be read: whole ones, or where there are none yet, partial ones, and then it is said; from the
 * first on that is not thin.
 */
export interface Course {
  rows: readonly Row[];
  /** In order; never empty. */
  periods: readonly string[];
  first: string;
  last: string;
  /** How many periods at the beginning are too thin to be read, in words; empty if none. */
  thinStart: string;
  /** None of the periods is whole. */
  onlyPartial: boolean;
  value(period: string, series: string): number | null;
  /** A message under `statements.`, which may name the first and last period. */
  say(id: string, values: Values): string;
  /** The same where it is already said that no period is whole. */
  tell(id: string, values: Values): string;
  /** With its preposition: "in May 2026", "on 25 May 2026". */
  when(period: string): string;
}

/** @param thin whether thin periods are read too, as sums may be; null when no row has a value */
export function courseOf(
  story: Story,
  rows: readonly Row[] = story.rows,
  { thin = false }: { thin?: boolean } = {},
): Course | null {
  const { lang, grain } = story;
  const known = rows.filter((r) => r.value !== null && r.value !== undefined);
  const whole = known.filter((r) => r.partial !== true);
  const there = whole.length > 0 ? whole : known;
  const leftOut = thin ? 0 : thinAtFirst(there);
  const start = periodsOf(there)[leftOut] ?? '';
  const used = there.filter((r) => String(r.period) >= start);
  const periods = periodsOf(used);
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return null;
  const only = whole.length === 0 ? `${message(lang, 'statements.only-partial')} ` : '';
  const when = (period: string) => withinPeriod(period, grain, lang);
  const tell = (id: string, values: Values) =>
    message(lang, `statements.${id}`, {
      first: when(first),
      last: when(last),
      whole: wholeOf(story),
      ...values,
    });
  return {
    rows: used,
    periods,
    first,
    last,
    thinStart: leftOut === 0 ? '' : message(lang, 'statements.thin-start', { thin: leftOut, grain }),
    onlyPartial: whole.length === 0,
    when,
    value(period, series) {
      const value = used.find((r) => r.period === period && r.series === series)?.value;
      return value === undefined || value === null ? null : Number(value);
    },
    tell,
    say: (id, values) => only + tell(id, values),
  };
}

const periodsOf = (rows: readonly Row[]): string[] => [...new Set(rows.map((r) => String(r.period)))].sort();

/** How many periods at the beginning carry little; none where some rows do not say how much they carry. */
function thinAtFirst(rows: readonly Row[]): number {
  const sums = new Map(periodsOf(rows).map((period) => [period, 0]));
  for (const { period, requests } of rows) {
    if (typeof requests !== 'number') return 0;
    sums.set(String(period), (sums.get(String(period)) ?? 0) + requests);
  }
  const usual = median([...sums.values()]) ?? 0;
  return Math.max(
    0,
    [...sums.values()].findIndex((sum) => sum >= THIN * usual),
  );
}

/** Sentences one after the other, as the language sets them. */
export const joined = (sentences: readonly string[], lang: Lang): string =>
  sentences.filter((s) => s !== '').join(lang === 'zh' ? '' : ' ');
