/** Calendar periods of a selection, and which of them are partial. All in UTC; weeks start on Monday. */
import type { Manifest } from './manifest.ts';

export type Grain = 'day' | 'week' | 'month';

export interface Period {
  period: string;
  partial: boolean;
}

/** First and last day, ISO, inclusive; null for all there is. */
export interface Days {
  from: string | null;
  to: string | null;
}

/**
 * Every period from the first to the last day with data (cut to the selection). A period is partial when the data, the
 * selection or the present do not cover all of it.
 * @param now milliseconds
 */
export function periodsOf(
  manifest: Manifest,
  selection: Days & { grain: Grain },
  now = Date.now(),
): Period[] {
  if (manifest.lake.length === 0) return [];
  const first = manifest.lake.reduce((a, f) => (f.from < a ? f.from : a), '9999');
  const last = manifest.lake.reduce((a, f) => (f.to > a ? f.to : a), '0000');
  const hours = selection.grain === 'day' && !manifest.lake.every((f) => f.daily);
  const DAY = 86_400_000;
  const floor = (ms: number, step: number) => Math.floor(ms / step) * step;
  let start = hours ? floor(Date.parse(first), DAY / 24) : floor(Date.parse(first), DAY);
  let end = hours ? floor(Date.parse(last), DAY / 24) + DAY / 24 : floor(Date.parse(last), DAY) + DAY;
  if (selection.from) start = Math.max(start, Date.parse(selection.from));
  if (selection.to) end = Math.min(end, Date.parse(selection.to) + DAY);
  const periods: Period[] = [];
  for (let at = periodStart(start, selection.grain); at < end; at = nextPeriod(at, selection.grain)) {
    const until = nextPeriod(at, selection.grain);
    periods.push({
      period: new Date(at).toISOString().slice(0, 10),
      partial: at < start || until > end || until > now,
    });
  }
  return periods;
}

function periodStart(ms: number, grain: Grain): number {
  const date = new Date(ms);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (grain === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return grain === 'week' ? day - ((date.getUTCDay() + 6) % 7) * 86_400_000 : day;
}

function nextPeriod(ms: number, grain: Grain): number {
  const date = new Date(ms);
  if (grain === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return ms + (grain === 'week' ? 7 : 1) * 86_400_000;
}

/**
 * The first day of the last month that data, selection and present cover to its end; null when none is.
 * @param now milliseconds
 */
export function lastWholeMonth(manifest: Manifest, selection: Days, now = Date.now()): string | null {
  const months = periodsOf(manifest, { from: null, to: selection.to, grain: 'month' }, now);
  const last = months.at(-1);
  if (!last) return null;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const ends = nextPeriod(Date.parse(last.period), 'month');
  const dataEnd = manifest.lake.reduce((a, f) => (f.to > a ? f.to : a), '').slice(0, 10);
  const known = [dataEnd, selection.to, day(now - 86_400_000)].filter((d) => d !== null).sort()[0] ?? '';
  if (known >= day(ends - 86_400_000)) return last.period;
  return months.at(-2)?.period ?? null;
}
