/** How long ago something was, in words. */
import { DATE_LOCALES, LOCALES } from '../../../src/charts/format.ts';
import { spaced } from '../../../src/messages/spacing.ts';
import type { Lang } from '../lib/view.ts';

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `3 hours ago`; below ten seconds the word for now. */
export function ago(ms: number, lang: Lang, now: string): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 10) return now;
  const [unit, length] = UNITS.find(([, each]) => seconds >= each) ?? ['second', 1];
  const format = new Intl.RelativeTimeFormat(LOCALES[lang], { numeric: 'always' });
  return room(format.format(-Math.floor(seconds / length), unit), lang);
}

/** `10 seconds`, `5 minutes`. */
export function lasting(seconds: number, lang: Lang): string {
  const [unit, length] = UNITS.find(([name, each]) => seconds >= each && name !== 'week') ?? ['second', 1];
  const format = new Intl.NumberFormat(LOCALES[lang], {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  });
  return room(format.format(seconds / length), lang);
}

/** Chinese sets a space between a number and what is counted. */
const room = (text: string, lang: Lang): string =>
  lang === 'zh' ? spaced(text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 '), lang) : text;

export const exact = (iso: string, lang: Lang): string =>
  new Intl.DateTimeFormat(DATE_LOCALES[lang], { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
