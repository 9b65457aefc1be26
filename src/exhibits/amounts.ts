/** Numbers and periods in the words of the reader's language, for statements, notes and tables. */
import { dateFormat, numberFormat } from '../messages/formats.ts';
import { type Lang, message } from '../messages/messages.ts';
import type { Grain, Unit } from './contract.ts';

const localeOf = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en-GB');

/** A number in words that a reader takes in at a glance. */
export function amount(value: unknown, unit: Unit, lang: Lang): string {
  if (value === null || value === undefined) return message(lang, 'units.unknown');
  const locale = localeOf(lang);
  const n = Number(value);
  if (unit === 'share') return shareText(n, locale);
  if (unit === 'models') return message(lang, 'units.models', { n });
  if (unit === 'usd' || unit === 'usd_per_million') return dollars(n, locale);
  if (unit === 'tokens_per_request') {
    const text = numberFormat(locale, { maximumFractionDigits: n < 10 ? 1 : 0 }).format(n);
    return message(lang, 'units.tokens', { text });
  }
  return message(lang, 'units.tokens', { text: count(n, lang) });
}

/** Shares that differ by less are the same: sums of fractions in another order do. */
export const SAME_SHARE = 1e-9;
const MOST_DIGITS = 6;

/** One digit, or as many as it takes not to say none or all of what is neither. */
function shareText(share: number, locale: string): string {
  const hides = (digits: number) =>
    [0, 1].some(
      (whole) => Number(share.toFixed(digits + 2)) === whole && Math.abs(share - whole) > SAME_SHARE,
    );
  let digits = 1;
  while (hides(digits) && digits < MOST_DIGITS) digits++;
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** As the charts have it: 453.5M, in Chinese 4.535亿; small numbers whole. */
function count(n: number, lang: Lang): string {
  const large = n >= 1e6;
  const shown = large ? n : Math.round(n);
  return numberFormat(lang === 'zh' ? 'zh-CN' : 'en-US', {
    notation: large ? 'compact' : 'standard',
    maximumSignificantDigits: large ? 4 : 6,
  }).format(shown);
}

/** Two digits after the point, three under a dollar; of still smaller amounts the first two that are not 0. */
function dollars(value: number, locale: string): string {
  const isTiny = value !== 0 && Math.abs(value) < 0.001;
  return numberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    ...(isTiny
      ? { maximumSignificantDigits: 2 }
      : { minimumFractionDigits: 2, maximumFractionDigits: Math.abs(value) < 1 ? 3 : 2 }),
  }).format(value);
}

/** How many times: 1.0, 3.2, 14. */
export function times(value: number, lang: Lang): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return numberFormat(localeOf(lang), options).format(value);
}

/** Figures that are smaller are shown as 0. */
const LEAST_FIGURE = 1e-6;

/** A number of few digits, a slope or a coefficient: as many as it takes not to say 0 of what is not. */
export function figure(value: number, lang: Lang, least = 2): string {
  let digits = least;
  while (Math.abs(value) >= LEAST_FIGURE && Number(value.toFixed(digits)) === 0) digits++;
  return numberFormat(localeOf(lang), { maximumFractionDigits: digits, signDisplay: 'negative' })
    .format(value)
    .replace('-', '−');
}

/** "A, B and C". */
export const listed = (items: readonly string[], lang: Lang): string =>
  new Intl.ListFormat(localeOf(lang), { type: 'conjunction' }).format(items);

/** A period as a reader says it: "the week of 25 May 2026", "May 2026", "25 May 2026". */
export function periodName(period: string, grain: Grain, lang: Lang): string {
  return message(lang, `periods.${grain}`, { date: dateOf(period, grain, lang) });
}

function dateOf(period: string, grain: Grain, lang: Lang): string {
  const parts: Intl.DateTimeFormatOptions =
    grain === 'month'
      ? { month: 'long', year: 'numeric' }
      : { day: 'numeric', month: 'long', year: 'numeric' };
  return dateFormat(localeOf(lang), parts).format(new Date(period));
}

/** When something was, in a sentence: "in the week of 25 May 2026", "in May 2026", "on 25 May 2026". */
export const withinPeriod = (period: string, grain: Grain, lang: Lang): string =>
  message(lang, `periods.within.${grain}`, { date: dateOf(period, grain, lang) });

/** A language by its BCP 47 code; the code itself where nobody has a name for it. */
export function languageName(code: string, lang: Lang): string {
  try {
    return new Intl.DisplayNames(localeOf(lang), { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}
