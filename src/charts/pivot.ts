/** From long rows to one list of values per series, in step with the result's periods. */
import type { ExhibitResult, SeriesInfo } from '../exhibits/contract.ts';
import { INKS } from './theme.ts';

const UNKNOWN = { light: INKS.light.unknown, dark: INKS.dark.unknown };

export interface Drawn extends SeriesInfo {
  /** One value a period. null: nothing is known there, so nothing is drawn. */
  values: (number | null)[];
  /** The interval around each value, where rows carry `low` and `high`. */
  band?: { low: (number | null)[]; high: (number | null)[] };
}

/**
 * Series in the result's order, unknown ones last; keys that only occur in rows are added with a grey of
 * their own. With `fill`, a series without a row counts as 0 in periods where others have one.
 */
export function pivot(result: ExhibitResult, fill: boolean): Drawn[] {
  const index = new Map(result.periods.map((each, i) => [each.period, i]));
  const columns = new Map<string, (number | null)[]>();
  const bands = new Map<string, NonNullable<Drawn['band']>>();
  const filled = new Array<boolean>(result.periods.length).fill(false);
  const column = (key: string) => {
    const found = columns.get(key) ?? new Array<number | null>(result.periods.length).fill(null);
    columns.set(key, found);
    return found;
  };
  for (const info of result.series) column(info.key);
  for (const row of result.rows) {
    const at = index.get(String(row.period));
    if (at === undefined) continue;
    const value = typeof row.value === 'number' && Number.isFinite(row.value) ? row.value : null;
    if (value !== null) filled[at] = true;
    column(String(row.series ?? ''))[at] = value;
    if (typeof row.low === 'number' && typeof row.high === 'number') {
      const none = () => new Array<number | null>(result.periods.length).fill(null);
      const band = bands.get(String(row.series ?? '')) ?? { low: none(), high: none() };
      [band.low[at], band.high[at]] = [row.low, row.high];
      bands.set(String(row.series ?? ''), band);
    }
  }
  const infos = new Map(result.series.map((info) => [info.key, info]));
  const drawn = [...columns].map(([key, values]): Drawn => {
    const info = infos.get(key) ?? { key, label: key, color: { light: '#9aa3b2', dark: '#6b7385' } };
    return {
      ...info,
      color: info.unknown ? UNKNOWN : info.color,
      ...(bands.has(key) ? { band: bands.get(key) } : {}),
      values: fill ? values.map((value, i) => value ?? (filled[i] ? 0 : null)) : values,
    };
  });
  return [...drawn.filter((each) => !each.unknown), ...drawn.filter((each) => each.unknown)];
}

/** True where some period with values has none on either side: an area cannot show it. */
export function hasLonePeriod(drawn: Drawn[]): boolean {
  const there = (i: number) => drawn.some((each) => typeof each.values[i] === 'number');
  const length = drawn[0]?.values.length ?? 0;
  for (let i = 0; i < length; i++) if (there(i) && !there(i - 1) && !there(i + 1)) return true;
  return false;
}
