/** What was settled and is not in the database yet, added up: it grows with what is used, not with the requests. */
import type { Caller, Settlement } from './contract.ts';
import { accountSubject, keySubject } from './limits.ts';
import { toNano } from './money.ts';
import type { Batch, UsageRow } from './store.ts';
import { PERIODS, windowAt } from './windows.ts';

export interface UsageBuffer {
  readonly size: number;
  /** @returns what counts towards spend limits, and what was paid (nano-dollars) */
  add(caller: Caller, day: string, settlement: Settlement): { charged: number; paid: number };
  /** All rows, with what they add to counters; the buffer is empty then. */
  take(): Pick<Batch, 'usage' | 'charges'>;
}

/** Beyond so many rows (a long outage) models and providers are no longer told apart. */
const MOST_ROWS = 50_000;

export function usageBuffer(): UsageBuffer {
  let rows = new Map<string, UsageRow>();

  const rowOf = (caller: Caller, day: string, model: string, provider: string): UsageRow => {
    const account = caller.account.id;
    const key = caller.key?.hash ?? '';
    const name = `${day}\n${account}\n${key}\n${model}\n${provider}`;
    const found = rows.get(name);
    if (found) return found;
    if (rows.size >= MOST_ROWS && (model !== '' || provider !== '')) return rowOf(caller, day, '', '');
    // Copies: a slug may be a slice of the request that it came in, and would keep all of it in memory.
    const row = { day, account, key, model: copy(model), provider: copy(provider), ...NOTHING };
    rows.set(Buffer.from(name).toString(), row);
    return row;
  };

  return {
    get size() {
      return rows.size;
    },
    add(caller, day, s) {
      const [cost, byokCost] = [money(s.cost), money(s.byokCost)];
      // Limits and credits would never end for what costs more than its prices say.
      const plain = money(s.plainCost ?? null) ?? 0;
      const [paid, byok] = [cost ?? plain, s.byok ? (byokCost ?? plain) : 0];
      const charged = paid + (caller.key?.includeByokInLimit ? byok : 0);
      const row = rowOf(caller, day, s.model, s.provider ?? '');
      row.cost += paid;
      row.byok_cost += byok;
      row.charged += charged;
      row.requests += count(s.requests);
      if (cost === null || (s.byok && byokCost === null)) row.unknown_cost += count(s.requests);
      row.prompt_tokens += count(s.promptTokens);
      row.completion_tokens += count(s.completionTokens);
      row.reasoning_tokens += count(s.reasoningTokens);
      return { charged, paid };
    },
    take() {
      const usage = [...rows.values()];
      rows = new Map();
      return { usage, charges: chargesOf(usage) };
    },
  };
}

const NOTHING = {
  cost: 0,
  byok_cost: 0,
  charged: 0,
  requests: 0,
  unknown_cost: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  reasoning_tokens: 0,
};

/** One bad number must not keep the rest from being written: what is no amount is not known. */
const money = (usd: number | null): number | null =>
  usd === null || !Number.isFinite(usd) || usd < 0 ? null : toNano(usd);
export const count = (value: number): number =>
  Number.isFinite(value) && value > 0 ? Math.min(Math.round(value), MOST_TOKENS) : 0;
const MOST_TOKENS = 1e12;

/** A copy that PostgreSQL takes: it refuses lone surrogates and the character 0. */
const copy = (text: string): string => Buffer.from(text.slice(0, 256)).toString().replaceAll('\0', '');

/** What usage adds to every counter that there may be; the database knows which there are. */
export function chargesOf(usage: readonly UsageRow[]): Batch['charges'] {
  const charges = new Map<string, Batch['charges'][number]>();
  const add = (charge: Batch['charges'][number]) => {
    if (charge.amount === 0) return;
    const name = `${charge.subject} ${charge.unit} ${charge.period} ${charge.starts}`;
    const found = charges.get(name);
    if (found) found.amount += charge.amount;
    else charges.set(name, charge);
  };
  for (const row of usage) {
    const at = Date.parse(row.day);
    const subjects = [accountSubject(row.account), ...(row.key === '' ? [] : [keySubject(row.key)])];
    for (const subject of subjects)
      for (const period of PERIODS)
        add({ subject, unit: 'usd', period, starts: windowAt(period, at).starts, amount: row.charged });
    const [account = ''] = subjects;
    add({ subject: account, unit: 'credits', period: 'total', starts: 0, amount: row.cost });
  }
  return [...charges.values()];
}
