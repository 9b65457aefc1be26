/**
 * The tables, as Drizzle reads and writes them; `migrations/` makes them. Money is whole nano-dollars, times are
 * milliseconds since 1970. `counters`, `leases` and `nodes` are the business of the SQL function `exchange` alone.
 */
import {
  bigint,
  boolean,
  date,
  index,
  jsonb,
  type PgDatabase,
  type PgQueryResultHKT,
  pgSchema,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { Limits } from './contract.ts';

/** The database as it is asked, whichever driver leads to it. */
export type Orm = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export const stateai = pgSchema('stateai');
const whole = (name: string) => bigint(name, { mode: 'number' });

/** Facts about the installation: `keys_since`, when the first key was made. */
export const settings = stateai.table('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

export const accounts = stateai.table('accounts', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  country: text('country'),
  limits: jsonb('limits').$type<Limits>().notNull(),
  /** Bought, in nano-dollars; null = postpaid. */
  credits: whole('credits'),
  apps: jsonb('apps').$type<string[]>().notNull(),
  sampling: boolean('sampling').notNull(),
  disabled: boolean('disabled').notNull(),
  createdAt: whole('created_at').notNull(),
});

export const keys = stateai.table(
  'keys',
  {
    hash: text('hash').primaryKey(),
    account: text('account').notNull(),
    name: text('name').notNull(),
    label: text('label').notNull(),
    app: text('app'),
    limits: jsonb('limits').$type<Limits>().notNull(),
    includeByokInLimit: boolean('include_byok_in_limit').notNull(),
    disabled: boolean('disabled').notNull(),
    expiresAt: whole('expires_at'),
    createdAt: whole('created_at').notNull(),
    updatedAt: whole('updated_at').notNull(),
    management: boolean('management').notNull(),
    ingest: boolean('ingest').notNull(),
  },
  (table) => [index('keys_account').on(table.account, table.createdAt)],
);

export const providerKeys = stateai.table(
  'provider_keys',
  {
    account: text('account').notNull(),
    provider: text('provider').notNull(),
    /** AES-256-GCM; see sealing.ts. */
    sealed: text('sealed').notNull(),
    label: text('label').notNull(),
    createdAt: whole('created_at').notNull(),
    updatedAt: whole('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.provider] })],
);

/** One row: what a key spent on a model at a provider on a UTC day. Empty text = none or unknown. */
export const usage = stateai.table(
  'usage',
  {
    day: date('day', { mode: 'string' }).notNull(),
    account: text('account').notNull(),
    key: text('key').notNull(),
    model: text('model').notNull(),
    provider: text('provider').notNull(),
    cost: whole('cost').notNull(),
    byokCost: whole('byok_cost').notNull(),
    /** What of both counts towards spend limits. */
    charged: whole('charged').notNull(),
    requests: whole('requests').notNull(),
    /** Requests whose cost nobody knows: they are in `requests`, and in no sum of money. */
    unknownCost: whole('unknown_cost').notNull(),
    promptTokens: whole('prompt_tokens').notNull(),
    completionTokens: whole('completion_tokens').notNull(),
    reasoningTokens: whole('reasoning_tokens').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.account, table.key, table.model, table.provider] }),
    index('usage_key').on(table.key, table.day),
    index('usage_account').on(table.account, table.day),
  ],
);
