/** Checks what people set. Every problem names its field, and what would be right. */
import { StateaiError } from '../generation/errors.ts';
import type { AccountInput, KeyInput, LimitsInput, Paging } from './admin-contract.ts';
import { MODEL_PATTERN, MOST_PER_MINUTE } from './bounds.ts';
import type { Limits, Period } from './contract.ts';
import { MOST_USD } from './money.ts';
import { PERIODS } from './windows.ts';

const LONGEST_NAME = 200;
const MOST_ENTRIES = 1000;

const bad = (code: string, field: string, expected: string): StateaiError =>
  new StateaiError(code, `${field} is not right`, `Expected ${expected}.`);

/** @throws `bad_limits` */
export function limitsOf(input: unknown): Limits {
  const given = objectOf('bad_limits', 'limits', input, [
    'spend',
    'requestsPerMinute',
    'tokensPerMinute',
    'models',
  ]) as LimitsInput;
  const spend: Partial<Record<Period, number>> = {};
  for (const [period, usd] of Object.entries(objectOf('bad_limits', 'limits.spend', given.spend, PERIODS)))
    if (usd !== null && usd !== undefined)
      spend[period as Period] = amount('bad_limits', `limits.spend.${period}`, usd, 'an amount in USD');
  return {
    spend,
    requestsPerMinute: perMinute('requestsPerMinute', given.requestsPerMinute),
    tokensPerMinute: perMinute('tokensPerMinute', given.tokensPerMinute),
    models: given.models === undefined || given.models === null ? null : patterns(given.models),
  };
}

function perMinute(field: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_PER_MINUTE)
    return value as number;
  throw bad('bad_limits', `limits.${field}`, 'a whole number that is not negative, or null for no limit');
}

function amount(code: string, field: string, value: unknown, what: string): number {
  if (typeof value === 'number' && value >= 0 && value <= MOST_USD) return value;
  throw bad(code, field, `${what} from 0 to ${MOST_USD}`);
}

function patterns(value: unknown): string[] {
  const list = texts('bad_limits', 'limits.models', value);
  for (const pattern of list)
    if (!MODEL_PATTERN.test(pattern))
      throw bad(
        'bad_limits',
        'limits.models',
        'author/slug, author/*, the name of a local model or * in every entry',
      );
  return list;
}

function texts(code: string, field: string, value: unknown): string[] {
  const expected = `a list of at most ${MOST_ENTRIES} short texts`;
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) throw bad(code, field, expected);
  return [...new Set(value.map((entry) => text(code, field, entry)))];
}

function text(code: string, field: string, value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const right = typeof value === 'string' && !/[\u0000-\u001f\u007f]/.test(value) && value.isWellFormed();
  const trimmed = right ? value.trim() : '';
  if (trimmed.length > 0 && trimmed.length <= LONGEST_NAME) return trimmed;
  throw bad(code, field, `a text of 1 to ${LONGEST_NAME} characters in one line`);
}

function flag(code: string, field: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw bad(code, field, 'true or false');
}

function objectOf(
  code: string,
  field: string,
  value: unknown,
  fields: readonly string[],
): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw bad(code, field, `an object with ${fields.join(', ')}`);
  const unknown = Object.keys(value).find((name) => !fields.includes(name));
  if (unknown !== undefined)
    throw bad(code, `${field}.${unknown.slice(0, 40)}`, `only the fields ${fields.join(', ')}`);
  return value as Record<string, unknown>;
}

const ACCOUNT_FIELDS = ['name', 'country', 'limits', 'credits', 'apps', 'sampling', 'disabled'];

/** What of an account is set; fields that are absent stay absent. @throws `bad_account`, `bad_limits` */
export function accountInput(input: unknown): Omit<AccountInput, 'limits'> & { limits?: Limits } {
  const code = 'bad_account';
  const given = objectOf(code, 'account', input, ACCOUNT_FIELDS);
  const out: Omit<AccountInput, 'limits'> & { limits?: Limits } = {};
  if (given.name !== undefined) out.name = text(code, 'name', given.name);
  if (given.country !== undefined) out.country = country(given.country);
  if (given.limits !== undefined) out.limits = limitsOf(given.limits);
  if (given.credits !== undefined)
    out.credits = given.credits === null ? null : amount(code, 'credits', given.credits, 'an amount in USD');
  if (given.apps !== undefined) out.apps = texts(code, 'apps', given.apps);
  if (given.sampling !== undefined) out.sampling = flag(code, 'sampling', given.sampling);
  if (given.disabled !== undefined) out.disabled = flag(code, 'disabled', given.disabled);
  return out;
}

function country(value: unknown): string | null {
  if (value === null || value === '') return null;
  if (typeof value === 'string' && /^[A-Za-z]{2}$/.test(value)) return value.toUpperCase();
  throw bad('bad_account', 'country', 'two letters (ISO 3166-1 alpha-2), or null where it is not known');
}

const KEY_FIELDS = ['name', 'app', 'limits', 'includeByokInLimit', 'disabled', 'expiresAt'];

/** The same for a key. @throws `bad_key`, `bad_limits` */
export function keyInput(input: unknown): Omit<KeyInput, 'limits'> & { limits?: Limits } {
  const code = 'bad_key';
  const given = objectOf(code, 'key', input, KEY_FIELDS);
  const out: Omit<KeyInput, 'limits'> & { limits?: Limits } = {};
  if (given.name !== undefined) out.name = text(code, 'name', given.name);
  if (given.app !== undefined) out.app = given.app === null ? null : text(code, 'app', given.app);
  if (given.limits !== undefined) out.limits = limitsOf(given.limits);
  if (given.includeByokInLimit !== undefined)
    out.includeByokInLimit = flag(code, 'includeByokInLimit', given.includeByokInLimit);
  if (given.disabled !== undefined) out.disabled = flag(code, 'disabled', given.disabled);
  if (given.expiresAt !== undefined) out.expiresAt = time(given.expiresAt);
  return out;
}

function time(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value > Date.UTC(2018, 0) && value < 8.64e15)
    return value;
  throw bad('bad_key', 'expiresAt', 'a time in milliseconds since 1970, or null for never');
}

/** A provider's slug. @throws `bad_provider` */
export function providerOf(value: unknown): string {
  if (typeof value === 'string' && /^[a-z0-9][a-z0-9._/-]{0,79}$/.test(value)) return value;
  throw bad('bad_provider', 'provider', 'the slug of a provider, such as anthropic');
}

/** @throws `bad_paging` */
export function pagingOf(paging: Paging): Required<Paging> {
  const { offset = 0, limit = 100 } = paging;
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw bad('bad_paging', 'offset', 'a whole number from 0 on');
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 100)
    throw bad('bad_paging', 'limit', 'a whole number from 1 to 100');
  return { offset, limit };
}
