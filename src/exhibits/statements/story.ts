/** What a sentence is made of, and the ways in which all of them read rows. */
import { type Lang, message, type Values } from '../../messages/messages.ts';
import { periodName } from '../amounts.ts';
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

export const largest = (rows: readonly Row[], column = 'value'): Row | undefined =>
  rows.reduce<Row | undefined>(
    (best, row) => (best === undefined || Number(row[column]) > Number(best[column]) ? row : best),
    undefined,
  );

/** The periods that may be read: whole ones, or where there are none yet, partial ones, and then it is said. */
export interface Course {
  rows: readonly Row[];
  /** In order; never empty. */
  periods: readonly string[];
  first: string;
  last: string;
  value(period: string, series: string): number | null;
  /** A message under `statements.`, which may name the first and last period. */
  say(id: string, values: Values): string;
  when(period: string): string;
}

/** null when no row has a value. */
export function courseOf(story: Story, rows: readonly Row[] = story.rows): Course | null {
  const { lang, grain } = story;
  const known = rows.filter((r) => r.value !== null && r.value !== undefined);
  const whole = known.filter((r) => r.partial !== true);
  const used = whole.length > 0 ? whole : known;
  const periods = [...new Set(used.map((r) => String(r.period)))].sort();
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return null;
  const only = whole.length === 0 ? `${message(lang, 'statements.only-partial')} ` : '';
  const when = (period: string) => periodName(period, grain, lang);
  return {
    rows: used,
    periods,
    first,
    last,
    when,
    value(period, series) {
      const value = used.find((r) => r.period === period && r.series === series)?.value;
      return value === undefined || value === null ? null : Number(value);
    },
    say: (id, values) =>
      only + message(lang, `statements.${id}`, { first: when(first), last: when(last), ...values }),
  };
}

/** Sentences one after the other, as the language sets them. */
export const joined = (sentences: readonly string[], lang: Lang): string =>
  sentences.filter((s) => s !== '').join(lang === 'zh' ? '' : ' ');
