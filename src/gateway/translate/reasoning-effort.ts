/** How much a model shall think: `reasoning` and `reasoning_effort` of chat, `thinking` and `effort` of messages. */
import { compact, numberOf, objectOf, stringOf } from '../../json/read.ts';
import type { JsonObject } from '../contract.ts';
import type { ClaudeLimits } from './claude-models.ts';
import { badRequest } from './refusals.ts';

const LEAST_BUDGET = 1024;
/** The part of `max_tokens` that an effort may think with, where a model wants a budget. */
const SHARE: Readonly<Record<string, number>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.8,
  xhigh: 0.95,
  max: 0.95,
};

export interface Wish {
  /** null: the client said nothing about reasoning. */
  enabled: boolean | null;
  effort: string | null;
  budget: number | null;
  /** Think, but do not show it. */
  hidden: boolean;
}

/** @throws `bad_request` for an unknown effort */
export function wishOfChat(body: JsonObject): Wish {
  const reasoning = objectOf(body.reasoning);
  const effort = stringOf(reasoning.effort) ?? stringOf(body.reasoning_effort);
  const field = stringOf(reasoning.effort) === null ? 'reasoning_effort' : 'reasoning.effort';
  if (effort !== null && effort !== 'none' && !Object.hasOwn(SHARE, effort))
    throw badRequest(field, 'must be none, minimal, low, medium, high, xhigh or max');
  const budget = numberOf(reasoning.max_tokens);
  const off = reasoning.enabled === false || effort === 'none' || budget === 0;
  const on = reasoning.enabled === true || effort !== null || budget !== null;
  return {
    enabled: off ? false : on ? true : null,
    effort: off ? null : effort,
    budget: off ? null : budget,
    hidden: reasoning.exclude === true || body.include_reasoning === false,
  };
}

/**
 * `thinking` and `output_config.effort` for an upstream of the messages dialect.
 * @param maxTokens what `max_tokens` will be; a budget must stay below it
 * @throws `bad_request` when the client's budget does not fit below `max_tokens`
 */
export function thinkingOf(
  wish: Wish,
  limits: ClaudeLimits,
  maxTokens: number,
): { thinking?: JsonObject; effort?: string } {
  // Models before thinking refuse the field; to ask them for it, or for less of it, changes nothing.
  if (wish.enabled === null || !(limits.adaptive || limits.budgets)) return {};
  if (!wish.enabled) return limits.alwaysThinks ? { effort: 'low' } : { thinking: { type: 'disabled' } };
  if (wish.budget !== null && wish.budget >= maxTokens)
    throw badRequest('reasoning.max_tokens', 'must be less than max_tokens');
  if (limits.adaptive && (wish.budget === null || !limits.budgets)) {
    const effort = wish.effort ?? (wish.budget === null ? null : effortOfBudget(wish.budget, maxTokens));
    return {
      thinking: { type: 'adaptive', display: wish.hidden ? 'omitted' : 'summarized' },
      ...(effort === null ? {} : { effort: claudeEffort(effort, limits) }),
    };
  }
  if (maxTokens <= LEAST_BUDGET) return {};
  const share = Math.floor(maxTokens * (SHARE[wish.effort ?? 'medium'] ?? 0.5));
  const budget = Math.min(Math.max(wish.budget ?? share, LEAST_BUDGET), maxTokens - 1);
  return {
    thinking: compact({
      type: 'enabled',
      budget_tokens: budget,
      display: wish.hidden ? 'omitted' : undefined,
    }),
  };
}

function claudeEffort(effort: string, limits: ClaudeLimits): string {
  if (effort === 'minimal') return 'low';
  return effort === 'xhigh' && !limits.xhigh ? 'max' : effort;
}

/** The effort that comes nearest to a budget of thinking tokens. */
export function effortOfBudget(budget: number, maxTokens: number): string {
  const share = budget / Math.max(1, maxTokens);
  return share <= 0.3 ? 'low' : share <= 0.65 ? 'medium' : 'high';
}

/** The `reasoning_effort` that a request of the messages dialect asks for; undefined leaves it to the model. */
export function effortOfMessages(body: JsonObject): string | undefined {
  const thinking = objectOf(body.thinking);
  const effort = stringOf(objectOf(body.output_config).effort);
  if (thinking.type === 'disabled') return undefined;
  if (effort !== null) return effort;
  const budget = numberOf(thinking.budget_tokens);
  if (thinking.type === 'enabled' && budget !== null)
    return effortOfBudget(budget, numberOf(body.max_tokens) ?? budget * 2);
  return objectOf(body.reasoning).enabled === true ? 'medium' : undefined;
}
