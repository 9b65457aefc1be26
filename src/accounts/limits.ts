/** Which limits a request falls under, and what it takes of each. */
import type { Caller, Estimate, Limits, Period } from './contract.ts';
import { AccountsError } from './errors.ts';
import { toNano } from './money.ts';
import type { CounterName, Unit } from './store.ts';
import { PERIODS, type WindowKind, windowAt } from './windows.ts';

/** What a request takes of one limit. Whole nano-dollars, requests or tokens. */
export interface Claim extends CounterName {
  /** The first millisecond after the window; Infinity for `total`. */
  ends: number;
  limit: number;
  amount: number;
}

export const NO_LIMITS: Limits = { spend: {}, requestsPerMinute: null, tokensPerMinute: null, models: null };

/** Subjects of the counters. */
export const keySubject = (hash: string): string => `key:${hash}`;
export const accountSubject = (id: string): string => `account:${id}`;

/**
 * The claims of a request; none for a caller without limits. A cost that is not known takes the smallest amount there
 * is, so that it is held back once everything was spent; one that is zero takes nothing. A request that is larger than
 * the tokens of a minute may take a whole minute.
 */
export function claimsOf(caller: Caller, estimate: Estimate, now: number): Claim[] {
  const { key, account } = caller;
  const claims: Claim[] = [];
  const add = (subject: string, unit: Unit, period: WindowKind, limit: number, amount: number) => {
    if (amount > 0) claims.push({ subject, unit, period, ...windowAt(period, now), limit, amount });
  };
  const nano = estimate.cost === null ? 1 : toNano(Math.max(estimate.cost, 0));
  const charged = estimate.byok && !key?.includeByokInLimit ? 0 : nano;
  const addLimits = (subject: string, limits: Limits) => {
    for (const period of PERIODS) {
      const limit = limits.spend[period];
      if (limit !== undefined) add(subject, 'usd', period, toNano(limit), charged);
    }
    const { requestsPerMinute, tokensPerMinute } = limits;
    if (requestsPerMinute !== null) add(subject, 'requests', 'minute', requestsPerMinute, 1);
    if (tokensPerMinute !== null)
      add(
        subject,
        'tokens',
        'minute',
        tokensPerMinute,
        Math.max(1, Math.min(Math.ceil(estimate.tokens), tokensPerMinute)),
      );
  };
  if (key) addLimits(keySubject(key.hash), key.limits);
  addLimits(accountSubject(account.id), account.limits);
  if (account.credits !== null && !estimate.byok)
    add(accountSubject(account.id), 'credits', 'total', toNano(account.credits), nano);
  return claims;
}

/** The models that key or account allow, where they do not allow a model (with its variant); null: they do. */
const forbiddenBy = (caller: Caller, model: string): readonly string[] | null =>
  [caller.key?.limits.models, caller.account.limits.models].find(
    (models) => models && !models.some((pattern) => matches(pattern, model)),
  ) ?? null;

/** Whether the limits of key and account leave a model (with its variant) to a caller. */
export const mayUse = (caller: Caller, model: string): boolean => forbiddenBy(caller, model) === null;

/** @throws `model_not_allowed`, `forbidden` */
export function checkMayUse(caller: Caller, model: string): void {
  if (caller.key?.management)
    throw new AccountsError(
      'forbidden',
      'A management key manages keys and cannot be used for requests',
      'Make a key without --management.',
    );
  const allowed = forbiddenBy(caller, model);
  if (allowed)
    throw new AccountsError(
      'model_not_allowed',
      `The key may not use ${model.slice(0, 200)}`,
      `It may use ${allowed.slice(0, 20).join(', ') || 'no model'}.`,
    );
}

/** `author/slug` also allows its variants (`author/slug:free`); `author/*` and `*` allow what they say. */
export function matches(pattern: string, model: string): boolean {
  const [wanted, slug] = [pattern.toLowerCase(), model.toLowerCase()];
  if (wanted === '*' || wanted === slug) return true;
  if (wanted.endsWith('/*')) return slug.startsWith(wanted.slice(0, -1));
  return !wanted.includes(':') && wanted === slug.split(':', 1)[0];
}

const EACH: Record<Period, string> = { day: 'a day', week: 'a week', month: 'a month', total: 'in total' };

/** What a caller is told whose claim does not fit. */
export function refusalOf(claim: Claim, now: number): AccountsError {
  const who = claim.subject.startsWith('key:') ? 'key' : 'account';
  if (claim.unit === 'credits')
    return new AccountsError('over_budget', 'The credits of the account are used up', 'Add credits.');
  if (claim.unit === 'usd') {
    const resets = Number.isFinite(claim.ends) ? ` It resets at ${new Date(claim.ends).toISOString()}.` : '';
    return new AccountsError(
      'over_budget',
      `The request does not fit into what is left of the ${who}’s limit of $${claim.limit / 1e9} ${EACH[claim.period as Period]}`,
      `Raise the limit, or ask for fewer tokens.${resets}`,
    );
  }
  const seconds = Math.max(1, Math.ceil((claim.ends - now) / 1000));
  return new AccountsError(
    'rate_limited',
    `The ${who} may use ${claim.limit} ${claim.unit} a minute, and has`,
    `Try again in ${seconds} s.`,
    seconds,
  );
}
