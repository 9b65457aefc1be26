/**
 * What the cubes sum. A measure is the sum of a field over the rows where some other fields are known and a condition
 * holds; NULL = no such row states the field. In words: docs/reference/marts.md.
 */
import { identifier } from './engine.ts';

interface Sum {
  of: string;
  /** Columns that must be known. */
  known?: readonly string[];
  when?: string;
}

const NOT_OWN_KEY = 'byok IS DISTINCT FROM true';

const SUMS = {
  rows: { of: '1' },
  requests: { of: 'requests' },
  total_tokens: { of: 'total_tokens' },
  prompt_tokens: { of: 'prompt_tokens' },
  completion_tokens: { of: 'completion_tokens' },
  reasoning_tokens: { of: 'reasoning_tokens' },
  cached_tokens: { of: 'cached_tokens' },
  cost: { of: '"cost"' },
  cost_tokens: { of: 'total_tokens', known: ['cost'] },
  paid_cost: { of: '"cost"', when: NOT_OWN_KEY },
  paid_tokens: { of: 'total_tokens', known: ['cost'], when: NOT_OWN_KEY },
  tool_call_tokens: { of: 'total_tokens', when: "finish_reason = 'tool_calls'" },
  finish_reason_tokens: { of: 'total_tokens', known: ['finish_reason'] },
  tools_offered_tokens: { of: 'total_tokens', when: 'tools_offered' },
  tools_known_tokens: { of: 'total_tokens', known: ['tools_offered'] },
  tools_offered_requests: { of: 'requests', when: 'tools_offered' },
  counted_tokens: { of: 'total_tokens', known: ['requests'] },
  counted_prompt_tokens: { of: 'prompt_tokens', known: ['requests'] },
  counted_completion_tokens: { of: 'completion_tokens', known: ['requests'] },
  counted_reasoning_tokens: { of: 'reasoning_tokens', known: ['requests', 'completion_tokens'] },
  prompt_requests: { of: 'requests', known: ['prompt_tokens'] },
  completion_requests: { of: 'requests', known: ['completion_tokens'] },
  reasoning_requests: { of: 'requests', known: ['completion_tokens', 'reasoning_tokens'] },
} satisfies Record<string, Sum>;

export type Measure = keyof typeof SUMS;
export const MEASURES = Object.keys(SUMS) as Measure[];
export const FRACTIONS: readonly Measure[] = ['cost', 'paid_cost'];

/** Dimensions that the records state. */
const DIMENSIONS = [
  'account',
  'model',
  'variant',
  'provider',
  'byok',
  'country',
  'region',
  'app',
  'language',
];

/** A measure of one row as an SQL expression. */
function expression(measure: Measure, stated: ReadonlySet<string>): string {
  const sum: Sum = SUMS[measure];
  const known = (sum.known ?? []).filter((column) => !stated.has(column));
  const tests = [...known.map((c) => `${identifier(c)} IS NOT NULL`), ...(sum.when ? [sum.when] : [])];
  return tests.length > 0 ? `CASE WHEN ${tests.join(' AND ')} THEN ${sum.of} END` : sum.of;
}

/**
 * Measures that are the same where some columns are stated in every row share a column.
 * @param stated columns that every row states
 */
export function sharedColumns(stated: ReadonlySet<string>): Record<Measure, Measure> {
  const first = new Map<string, Measure>();
  const shared: Partial<Record<Measure, Measure>> = {};
  for (const measure of MEASURES) {
    const sql = expression(measure, stated);
    if (!first.has(sql)) first.set(sql, measure);
    shared[measure] = first.get(sql) ?? measure;
  }
  return shared as Record<Measure, Measure>;
}

/** The relation `measured`: the records of `lake` with dimensions and measures, one row a record. */
export function measuredSql(stated: ReadonlySet<string> = new Set()): string {
  const shared = sharedColumns(stated);
  const columns = MEASURES.filter((m) => shared[m] === m).map(
    (m) => `${expression(m, stated)} AS ${identifier(m)}`,
  );
  return `SELECT
  created_at::DATE AS "day",
  date_trunc('month', created_at)::DATE AS "month",
  ${[...DIMENSIONS.map(identifier), ...columns].join(',\n  ')}
FROM lake`;
}
