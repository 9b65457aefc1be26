/** What the accounts answer when they must refuse, with the HTTP status that each code stands for. */
import { StateaiError } from '../generation/errors.ts';

/** Recognised by `code`, as every error of ours. */
export class AccountsError extends StateaiError {
  /** Seconds after which it may be tried again; null = trying again does not help. */
  readonly retryAfter: number | null;
  constructor(code: string, message: string, next = '', retryAfter: number | null = null, cause?: unknown) {
    super(code, message, next, cause);
    this.retryAfter = retryAfter;
  }
}

const STATUS: Record<string, number> = {
  unauthorized: 401,
  over_budget: 402,
  forbidden: 403,
  model_not_allowed: 403,
  not_found: 404,
  account_exists: 409,
  rate_limited: 429,
  accounts_unavailable: 503,
  accounts_in_use: 503,
};

/** The HTTP status of an error of the accounts; null for a code that is none of theirs. */
export const statusOf = (code: string): number | null =>
  STATUS[code] ?? (code.startsWith('bad_') ? 400 : null);

/** The database cannot be asked. `why` names the failure without any value that was sent to it. */
export const unavailable = (why: string, retryAfter = 1, cause?: unknown): AccountsError =>
  new AccountsError(
    'accounts_unavailable',
    `The accounts cannot be reached at the moment (${why})`,
    'Try again shortly; the operator should look at the database.',
    retryAfter,
    cause,
  );

export const unauthorized = (message: string, next: string): AccountsError =>
  new AccountsError('unauthorized', message, next);

export const notFound = (what: string, next: string): AccountsError =>
  new AccountsError('not_found', `${what} does not exist`, next);
