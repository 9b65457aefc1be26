/** Managing accounts, keys and provider keys, and reading what was used: for the command line, HTTP and the admin page. */
import type { Account, Key, Period } from './contract.ts';

/** Limits as they are set: what is left out is not limited. @see Limits */
export interface LimitsInput {
  spend?: Partial<Record<Period, number | null>>;
  requestsPerMinute?: number | null;
  tokensPerMinute?: number | null;
  models?: string[] | null;
}

export interface AccountInput {
  name?: string;
  country?: string | null;
  /** Takes the place of all limits. */
  limits?: LimitsInput;
  /** USD bought altogether; null = postpaid. */
  credits?: number | null;
  apps?: string[];
  sampling?: boolean;
  disabled?: boolean;
}

export interface KeyInput {
  name?: string;
  app?: string | null;
  /** Takes the place of all limits. */
  limits?: LimitsInput;
  includeByokInLimit?: boolean;
  disabled?: boolean;
  /** Milliseconds since 1970; null = never. */
  expiresAt?: number | null;
}
export interface NewKeyInput extends KeyInput {
  name: string;
  /** Account's id; absent = `local`. */
  account?: string;
  management?: boolean;
  /** May send records, and nothing else. */
  ingest?: boolean;
}

/** Money in USD. */
export interface Spending {
  /** Paid, as far as it is known; at plain prices what was charged otherwise. */
  cost: number;
  byokCost: number;
  /** What of both counts towards spend limits. */
  charged: number;
  requests: number;
  /** Requests whose cost is not known: sums of money hold them at plain prices, or not at all where there are none. */
  unknownCost: number;
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
}
/** In the UTC periods that are under way. */
export type SpendingByPeriod = Record<Period, Spending>;

export interface AccountWithUsage extends Account {
  usage: SpendingByPeriod;
  /** Keys that the account has. */
  keys: number;
}
export interface KeyWithUsage extends Key {
  usage: SpendingByPeriod;
}

/** A provider key, without the key. */
export interface ByokKey {
  account: string;
  provider: string;
  label: string;
  createdAt: number;
  updatedAt: number;
}

export interface Page<T> {
  items: T[];
  /** How many there are altogether. */
  total: number;
}
export interface Paging {
  offset?: number;
  /** At most 100, which is the default. */
  limit?: number;
}

export type UsageDimension = 'day' | 'account' | 'key' | 'model' | 'provider';
export interface UsageQuery {
  by: UsageDimension[];
  account?: string;
  key?: string;
  /** `YYYY-MM-DD`, both included. */
  from?: string;
  to?: string;
  /** At most 100,000 rows; by default 1,000, the most expensive first, or the latest where `by` holds the day. */
  limit?: number;
}
export type UsageGroup = Omit<Spending, 'cost'> &
  Partial<Record<UsageDimension, string>> & {
    /** null: the cost of none of its requests is known, which is not nothing. */
    cost: number | null;
  };

/**
 * Errors: `bad_…` for input (the message names the field), `not_found`, `account_exists`, `accounts_unavailable`.
 * Changes are in force in this process, and in the workers that ask it, when the promise resolves; in other nodes on
 * the same database within their freshness.
 */
export interface AccountsAdmin {
  listAccounts(paging?: Paging): Promise<Page<AccountWithUsage>>;
  getAccount(id: string): Promise<AccountWithUsage>;
  createAccount(input: AccountInput & { name: string }): Promise<AccountWithUsage>;
  updateAccount(id: string, input: AccountInput): Promise<AccountWithUsage>;
  /** Adds to the credits bought (takes away, if negative), also when others do so at the same time. */
  addCredits(id: string, usd: number): Promise<AccountWithUsage>;
  /** With its keys. What it used remains in the usage. */
  deleteAccount(id: string): Promise<void>;

  /** Newest first. `search` looks in names and labels, and for the beginning of a hash (8 digits or more). */
  listKeys(
    filter?: { account?: string; includeDisabled?: boolean; search?: string } & Paging,
  ): Promise<Page<KeyWithUsage>>;
  getKey(hash: string): Promise<KeyWithUsage>;
  /** The secret is returned here and never again. */
  createKey(input: NewKeyInput): Promise<{ secret: string; key: KeyWithUsage }>;
  updateKey(hash: string, input: KeyInput): Promise<KeyWithUsage>;
  deleteKey(hash: string): Promise<void>;

  listByokKeys(account: string): Promise<ByokKey[]>;
  /** In place of the one there may be. */
  setByokKey(account: string, provider: string, key: string): Promise<ByokKey>;
  deleteByokKey(account: string, provider: string): Promise<void>;

  usage(query: UsageQuery): Promise<UsageGroup[]>;
}
