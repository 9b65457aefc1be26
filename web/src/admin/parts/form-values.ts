/** What a form holds, as the server takes it. An empty field says nothing: null, or no entry. */
import type { LimitsInput } from '../../../../src/accounts/admin-contract.ts';
import type { Limits, Period } from '../../../../src/accounts/contract.ts';

export const PERIODS: readonly Period[] = ['day', 'week', 'month', 'total'];

/** For `pattern`: something besides blanks. */
export const NOT_BLANK = '.*\\S.*';

export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();
export const textOrNull = (form: FormData, name: string): string | null => textOf(form, name) || null;
export const isChecked = (form: FormData, name: string): boolean => form.get(name) !== null;

/** A form's number fields let nothing but numbers through. */
export function numberOf(form: FormData, name: string): number | null {
  const text = textOf(form, name);
  return text === '' ? null : Number(text);
}

export const linesOf = (form: FormData, name: string): string[] => entries(textOf(form, name));

/** What stands in a field of lines. */
export const entries = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

/** The fields of `LimitsFields`. */
export function limitsOf(form: FormData): LimitsInput {
  const models = linesOf(form, 'models');
  return {
    spend: Object.fromEntries(PERIODS.map((period) => [period, numberOf(form, `spend-${period}`)])),
    requestsPerMinute: numberOf(form, 'requestsPerMinute'),
    tokensPerMinute: numberOf(form, 'tokensPerMinute'),
    models: models.length > 0 ? models : null,
  };
}

/** Milliseconds since 1970 of a local date and time; null = none. */
export function timeOf(form: FormData, name: string): number | null {
  const text = textOf(form, name);
  const at = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}

/** The same the other way, to the minute. */
export function localTime(at: number | null): string {
  if (at === null) return '';
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** What of `now` differs from `before`: only that is sent, so that what others changed meanwhile stays. */
export function changed<T extends object>(now: T, before: { [K in keyof T]: unknown }): Partial<T> {
  return Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof T]),
    ),
  ) as Partial<T>;
}

/** Limits as a form gives them that changes nothing. */
export const limitsAsInput = (limits: Limits): LimitsInput => ({
  spend: Object.fromEntries(PERIODS.map((period) => [period, limits.spend[period] ?? null])),
  requestsPerMinute: limits.requestsPerMinute,
  tokensPerMinute: limits.tokensPerMinute,
  models: limits.models,
});
