/** What the accounts offer to the gateway and to the admin page. Names live here; records carry keyed hashes only. */

export type Period = 'day' | 'week' | 'month' | 'total';

/** Periods are UTC: days from midnight, weeks from Monday, months from the first. null or absent = no limit. */
export interface Limits {
  /** USD a period. */
  spend: Partial<Record<Period, number>>;
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  /** Slugs that may be used: `author/slug`, `author/*`, a local model's name or `*`; null = all. */
  models: string[] | null;
}

export interface Account {
  id: string;
  name: string;
  /** Billing country, ISO 3166-1 alpha-2; null = unknown. */
  country: string | null;
  limits: Limits;
  /** Credits bought in USD; null = postpaid. With credits, spending stops when they are used up. */
  credits: number | null;
  /** Apps of this account that its keys may name. */
  apps: string[];
  /** Its traffic may be sampled for labels. */
  sampling: boolean;
  disabled: boolean;
  createdAt: number;
}

export interface Key {
  /** SHA-256 of the secret, hex: names the key in the API; the secret itself is shown once and not kept. */
  hash: string;
  account: string;
  name: string;
  /** `sk-sa-v1-ab…1f9`. */
  label: string;
  /** The app that its traffic counts for, unless a request names another. */
  app: string | null;
  limits: Limits;
  /** Spending with one's own provider keys counts towards the limits too. */
  includeByokInLimit: boolean;
  disabled: boolean;
  expiresAt: number | null;
  createdAt: number;
  updatedAt: number;
  /** May manage keys over the API (`/keys`), and nothing else. */
  management: boolean;
  /** May send records of traffic that passed elsewhere, and nothing else. */
  ingest: boolean;
}

/** What a key is shown for: to call models and look at its own use, or to send records. */
export type Purpose = 'traffic' | 'ingest';

/** Who calls. Stays valid for the request that it was made for. */
export interface Caller {
  account: Account;
  /** null: the gateway is open (no key was ever made, and it listens on loopback only). */
  key: Key | null;
}

/** What a request may cost at most, as far as it can be told before. */
export interface Estimate {
  model: string;
  /** USD; null where no price is known: then spend limits cannot hold it back, only what was spent already. */
  cost: number | null;
  tokens: number;
  /** The account's own provider key will pay: credits are not touched, and limits only if the key counts that too. */
  byok?: boolean;
}

/** What it came to. Counts for the day on which the request was reserved. */
export interface Settlement {
  model: string;
  provider: string | null;
  /** USD paid to the operator; null = unknown, and counted as a request of unknown cost. 0 where the own key paid all. */
  cost: number | null;
  byok: boolean;
  /** USD at the user's own provider, for BYOK. */
  byokCost: number | null;
  /** USD at plain prices, counted in its place where what it cost is unknown; null or absent = there are none. */
  plainCost?: number | null;
  requests: number;
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
}

export interface Reservation {
  /** Once, whatever happened to the request; again does nothing. Never throws and never waits: it is written behind. */
  settle(settlement: Settlement): void;
}

/** The hot path. Errors are `StateaiError`s with the codes given. */
export interface Accounts {
  /**
   * @param secret the bearer token or x-api-key; null = none was sent
   * @param purpose default: `traffic`
   * @throws `unauthorized` no, unknown, expired or disabled key; `forbidden` a key for another purpose;
   * `accounts_unavailable` the database is down and the key is not in memory (never `unauthorized` then)
   */
  authenticate(secret: string | null, purpose?: Purpose): Promise<Caller>;
  /**
   * Checks limits and holds back what the request may cost.
   * @throws `AccountsError` `model_not_allowed`, `over_budget`, `rate_limited` (its `retryAfter` says seconds),
   * `forbidden` (a management key), `accounts_unavailable`
   */
  reserve(caller: Caller, estimate: Estimate): Promise<Reservation>;
  /** The account's own key for a provider, decrypted; null = none. @throws `accounts_unavailable`, `byok_unreadable` */
  byokKey(caller: Caller, provider: string): Promise<string | null>;
  /** Writes what was settled; resolves when it is in the database. @throws `accounts_unavailable` it is kept then */
  flush(): Promise<void>;
  /** Writes what was settled and gives back what was held. @throws `accounts_unavailable` when that could not be done */
  close(): Promise<void>;
}
