/** Numbers and dates as a reader of the language expects them. All dates are UTC days. */
import type { Grain, Unit } from '../exhibits/contract.ts';
import * as formats from '../messages/formats.ts';
import type { Lang } from './context.ts';

export const LOCALES: Record<Lang, string> = { en: 'en-US', zh: 'zh-CN' };

/** Days are written as in the sentences above the charts, on every page: 4 Nov 2024. */
export const DATE_LOCALES: Record<Lang, string> = { en: 'en-GB', zh: 'zh-CN' };

const numberFormat = (lang: Lang, options: Intl.NumberFormatOptions) =>
  formats.numberFormat(LOCALES[lang], options);
const dateFormat = (lang: Lang, options: Intl.DateTimeFormatOptions) =>
  formats.dateFormat(DATE_LOCALES[lang], options);

export const NOTHING = '–';

/** 14.4T, 2.1B, 6.3K; in Chinese 14.4万亿, 21亿. */
export function compact(value: number, lang: Lang, digits = 3): string {
  return numberFormat(lang, { notation: 'compact', maximumSignificantDigits: digits }).format(value);
}

export function whole(value: number, lang: Lang): string {
  return numberFormat(lang, { maximumFractionDigits: 0 }).format(value);
}

/** 0.132 → 13.2%; whole percents from 99.95 %; tiny shares keep a digit. */
export function percent(share: number, lang: Lang): string {
  const digits = share !== 0 && Math.abs(share) < 0.001 ? 2 : 1;
  return numberFormat(lang, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

/** As the sentences have them: $2.50, and three digits below a dollar. */
function dollars(value: number, lang: Lang): string {
  if (value !== 0 && Math.abs(value) < 0.001)
    return numberFormat(lang, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      maximumSignificantDigits: 2,
    }).format(value);
  const small = Math.abs(value) < 1000;
  return numberFormat(
    lang,
    small
      ? {
          style: 'currency',
          currency: 'USD',
          currencyDisplay: 'narrowSymbol',
          minimumFractionDigits: 2,
          maximumFractionDigits: Math.abs(value) < 1 ? 3 : 2,
        }
      : {
          style: 'currency',
          currency: 'USD',
          currencyDisplay: 'narrowSymbol',
          notation: 'compact',
          maximumSignificantDigits: 3,
        },
  ).format(value);
}

/** A value in a tooltip, a label or a table cell. */
export function formatValue(value: number | null | undefined, unit: Unit, lang: Lang): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  switch (unit) {
    case 'share':
      return percent(value, lang);
    case 'tokens':
      return compact(value, lang, 4);
    case 'tokens_per_request':
      return whole(value, lang);
    case 'models':
      return whole(value, lang);
    case 'usd':
    case 'usd_per_million':
      return dollars(value, lang);
  }
}

/** A value at a gridline: as short as can be. */
export function formatTick(value: number, unit: Unit, lang: Lang): string {
  if (unit === 'share')
    return numberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  if (unit === 'usd' || unit === 'usd_per_million') return dollars(value, lang);
  return compact(value, lang);
}

export const utc = (iso: string): Date => new Date(`${iso.slice(0, 10)}T00:00:00Z`);

/** "1 Nov 2023 – 30 Nov 2025", one day by itself; an end that is not known, or is before the first, is open. */
export function formatDays(from: string | null, to: string | null, lang: Lang): string {
  if (from !== null && from === to) return formatDay(from, lang);
  const last = from !== null && to !== null && to < from ? null : to;
  return [from, last].map((day) => (day === null ? '…' : formatDay(day, lang))).join(' – ');
}

/** 4 Nov 2024 as the language writes it. */
export function formatDay(iso: string, lang: Lang): string {
  const date = utc(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return dateFormat(lang, { year: 'numeric', month: 'short', day: 'numeric' }).format(date);
}

export function formatMonth(iso: string, lang: Lang, width: 'full' | 'month' | 'day' = 'full'): string {
  const date = utc(iso);
  if (Number.isNaN(date.getTime())) return iso;
  if (width === 'month') return dateFormat(lang, { month: 'short' }).format(date);
  if (width === 'day') return dateFormat(lang, { month: 'short', day: 'numeric' }).format(date);
  return dateFormat(lang, { year: 'numeric', month: 'short' }).format(date);
}

export function formatYear(iso: string, lang: Lang): string {
  return dateFormat(lang, { year: 'numeric' }).format(utc(iso));
}

/** A period by its first day: the day, the week's span, the month. */
export function formatPeriod(iso: string, grain: Grain, lang: Lang): string {
  if (grain === 'month') return formatMonth(iso, lang);
  if (grain === 'day') return formatDay(iso, lang);
  const start = utc(iso);
  if (Number.isNaN(start.getTime())) return iso;
  const end = new Date(start.getTime() + 6 * 86_400_000);
  return dateFormat(lang, { year: 'numeric', month: 'short', day: 'numeric' }).formatRange(start, end);
}
