/** Times, durations and money as the admin page writes them. Times are the reader's own. */
import { compact, DATE_LOCALES, formatValue, LOCALES, whole } from '../../../src/charts/format.ts';
import type { Lang } from '../lib/view.ts';

export const usd = (value: number, lang: Lang): string => formatValue(value, 'usd', lang);

/** 340 ms, 1.2 s. */
export function duration(ms: number, lang: Lang): string {
  const inSeconds = ms >= 1000;
  return new Intl.NumberFormat(LOCALES[lang], {
    style: 'unit',
    unit: inSeconds ? 'second' : 'millisecond',
    unitDisplay: 'short',
    ...(inSeconds ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 }),
  }).format(inSeconds ? ms / 1000 : ms);
}

export const count = (value: number, lang: Lang): string =>
  value < 1e6 ? whole(value, lang) : compact(value, lang, 4);

/** The hour where it is today, else the day as well. */
export function time(at: number, lang: Lang, now = Date.now()): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(DATE_LOCALES[lang], {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(date);
}

export const day = (at: number, lang: Lang): string =>
  new Intl.DateTimeFormat(DATE_LOCALES[lang], { year: 'numeric', month: 'short', day: 'numeric' }).format(at);

export const dayAndTime = (at: number, lang: Lang): string =>
  new Intl.DateTimeFormat(DATE_LOCALES[lang], { dateStyle: 'medium', timeStyle: 'short' }).format(at);
