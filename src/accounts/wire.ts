/** Keys and usage in the shapes of OpenRouter's API. Money is USD. */
import { parseTime } from '../generation/validate.ts';
import type { KeyInput, KeyWithUsage, SpendingByPeriod, UsageGroup } from './admin-contract.ts';
import type { Limits, Period } from './contract.ts';
import { PERIODS } from './windows.ts';

export type LimitReset = 'daily' | 'weekly' | 'monthly' | null;

const RESET: Record<Period, LimitReset> = { day: 'daily', week: 'weekly', month: 'monthly', total: null };
const periodOf = (reset: LimitReset): Period => PERIODS.find((period) => RESET[period] === reset) ?? 'total';

/**
 * The API knows one spend limit a key; we may hold several. Shown is the one that is closest to being used up.
 * @returns null where there is none
 */
export function shownLimit(
  limits: Limits,
  usage: SpendingByPeriod,
): { period: Period; limit: number; remaining: number } | null {
  const all = PERIODS.flatMap((period) => {
    const limit = limits.spend[period];
    return limit === undefined
      ? []
      : [{ period, limit, remaining: Math.max(0, rounded(limit - usage[period].charged)) }];
  });
  return all.sort((a, b) => a.remaining - b.remaining)[0] ?? null;
}

/** To nano-dollars: differences of decimals leave dust in binary. */
const rounded = (usd: number): number => Math.round(usd * 1e9) / 1e9;

export const limitFields = (limits: Limits, usage: SpendingByPeriod) => {
  const shown = shownLimit(limits, usage);
  return {
    limit: shown?.limit ?? null,
    limit_remaining: shown?.remaining ?? null,
    limit_reset: shown ? RESET[shown.period] : null,
  };
};

export const usageFields = (usage: SpendingByPeriod) => ({
  usage: usage.total.cost,
  usage_daily: usage.day.cost,
  usage_weekly: usage.week.cost,
  usage_monthly: usage.month.cost,
  byok_usage: usage.total.byokCost,
  byok_usage_daily: usage.day.byokCost,
  byok_usage_weekly: usage.week.byokCost,
  byok_usage_monthly: usage.month.byokCost,
});

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A key as `/keys` shows it. */
export const wireKey = (key: KeyWithUsage) => ({
  hash: key.hash,
  name: key.name,
  label: key.label,
  disabled: key.disabled,
  ...limitFields(key.limits, key.usage),
  include_byok_in_limit: key.includeByokInLimit,
  ...usageFields(key.usage),
  created_at: isoOf(key.createdAt) ?? '',
  updated_at: isoOf(key.updatedAt),
  expires_at: isoOf(key.expiresAt),
  creator_user_id: null,
  external_user: null,
  workspace_id: key.account,
});

/** What `POST` and `PATCH /keys` say of a key, as far as it is given. */
export interface WireKeyBody {
  name?: string;
  disabled?: boolean;
  limit?: number | null;
  limit_reset?: LimitReset;
  include_byok_in_limit?: boolean;
  expires_at?: string | null;
}

/**
 * As a change of ours. `limit` and `limit_reset` stand for the limit that the API shows; other limits stay.
 * @param before null for a key that is new
 */
export function keyInputOf(body: WireKeyBody, before: KeyWithUsage | null): KeyInput {
  const input: KeyInput = {};
  if (body.name !== undefined) input.name = body.name;
  if (body.disabled !== undefined) input.disabled = body.disabled;
  if (body.include_byok_in_limit !== undefined) input.includeByokInLimit = body.include_byok_in_limit;
  if (body.expires_at !== undefined)
    // What is no time is refused where the input is checked.
    input.expiresAt = body.expires_at === null ? null : parseTime(String(body.expires_at));
  if (body.limit !== undefined || body.limit_reset !== undefined) input.limits = limitsOf(body, before);
  return input;
}

function limitsOf(body: WireKeyBody, before: KeyWithUsage | null): KeyInput['limits'] {
  const shown = before ? shownLimit(before.limits, before.usage) : null;
  const spend = { ...before?.limits.spend };
  if (shown) delete spend[shown.period];
  const limit = body.limit === undefined ? (shown?.limit ?? null) : body.limit;
  const period = body.limit_reset === undefined ? (shown?.period ?? 'total') : periodOf(body.limit_reset);
  if (limit !== null) spend[period] = limit;
  return { ...before?.limits, spend };
}

/** A row of `/activity`. We count a model at a provider as one endpoint. */
export const wireActivity = (row: UsageGroup) => ({
  date: row.day ?? '',
  model: row.model ?? '',
  model_permaslug: row.model ?? '',
  endpoint_id: [row.provider, row.model].filter(Boolean).join('/'),
  provider_name: row.provider ?? '',
  // The contract wants a number here, as in `/generation`.
  usage: row.cost ?? 0,
  is_cost_known: row.unknownCost === 0,
  byok_usage_inference: row.byokCost,
  requests: row.requests,
  prompt_tokens: row.promptTokens,
  completion_tokens: row.completionTokens,
  reasoning_tokens: row.reasoningTokens,
  ...(row.account === undefined ? {} : { workspace_id: row.account }),
});
