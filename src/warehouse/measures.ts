/**
 * What the cubes sum. A measure is the sum of a field over the rows where some other fields are known and a condition
 * holds; NULL = no such row states the field. In words: docs/reference/marts.md.
 */
import { identifier, literal } from './engine.ts';

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
  sequence_tokens: { of: 'total_tokens', known: ['requests', 'prompt_tokens', 'completion_tokens'] },
  counted_prompt_tokens: { of: 'prompt_tokens', known: ['requests'] },
  counted_completion_tokens: { of: 'completion_tokens', known: ['requests'] },
  counted_reasoning_tokens: { of: 'reasoning_tokens', known: ['requests', 'completion_tokens'] },
  prompt_requests: { of: 'requests', known: ['prompt_tokens'] },
  completion_requests: { of: 'requests', known: ['completion_tokens'] },
  sequence_requests: { of: 'requests', known: ['prompt_tokens', 'completion_tokens'] },
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

/** What is so in every row of some records: it spares telling apart what is the same then. */
export interface Given {
  /** Columns that are known. */
  stated: ReadonlySet<string>;
  /** Columns that are unknown. */
  missing: ReadonlySet<string>;
  /** Columns that one row in twenty states, or fewer. */
  rare: ReadonlySet<string>;
  /** A row stands for one generation. */
  single: boolean;
  /** No sum of an integer field over all of them exceeds what a DOUBLE holds exactly; DuckDB adds those up faster. */
  small: boolean;
  /** Integer columns that are known and at least 1. */
  positive: ReadonlySet<string>;
}
const NOTHING_GIVEN: Given = {
  stated: new Set(),
  missing: new Set(),
  rare: new Set(),
  single: false,
  small: false,
  positive: new Set(),
};

/** What a row must be to count for a measure, as SQL conditions. */
function testsOf(measure: Measure, { stated }: Given): string[] {
  const { known = [], when }: Sum = SUMS[measure];
  const unsure = known.filter((column) => !stated.has(column));
  return [...unsure.map((c) => `${identifier(c)} IS NOT NULL`), ...(when ? [when] : [])];
}

/**
 * Is a measure a product of its field and 0 or 1? That is twice as fast as a CASE. Where no term is 0 of itself, a sum of 0
 * tells that no row counts.
 */
export const isProduct = (measure: Measure, given: Given): boolean =>
  given.small && given.positive.has(SUMS[measure].of) && testsOf(measure, given).length > 0;

/** A measure of one row as an SQL expression. */
function expression(measure: Measure, given: Given): string {
  const { of }: Sum = SUMS[measure];
  const tests = testsOf(measure, given).join(' AND ');
  const value = given.single && of === 'requests' ? '1' : of;
  if (isProduct(measure, given)) return `${value}::DOUBLE * (${tests})::DOUBLE`;
  return tests ? `CASE WHEN ${tests} THEN ${value} END` : value;
}

/** The column that has each measure: measures that are the same under what is given share one. */
export function sharedColumns(given: Given): Record<Measure, Measure> {
  const first = new Map<string, Measure>();
  const shared: Partial<Record<Measure, Measure>> = {};
  for (const measure of MEASURES) {
    const sql = expression(measure, given);
    if (!first.has(sql)) first.set(sql, measure);
    shared[measure] = first.get(sql) ?? measure;
  }
  return shared as Record<Measure, Measure>;
}

/** Measures that are known from another one in a group whose rows have the same `byok`, each as an SQL expression. */
export const BY_KEY: Partial<Record<Measure, (shared: Record<Measure, Measure>) => string>> = {
  paid_cost: () => `CASE WHEN ${NOT_OWN_KEY} THEN "cost" END`,
  paid_tokens: ({ cost_tokens }) => `CASE WHEN ${NOT_OWN_KEY} THEN ${identifier(cost_tokens)} END`,
};

/**
 * The relation `measured`: the records of `lake` with dimensions and measures, one row a record.
 * @param month the month of all records, `2025-03`, where it is known
 */
export function measuredSql(given: Given = NOTHING_GIVEN, month?: string): string {
  const monthSql = month ? `DATE ${literal(`${month}-01`)}` : "date_trunc('month', created_at)::DATE";
  const shared = sharedColumns(given);
  const own = MEASURES.filter((m) => shared[m] === m);
  const columns = own.map((m) => `${expression(m, given)} AS ${identifier(m)}`);
  return `SELECT
  created_at::DATE AS "day",
  ${monthSql} AS "month",
  ${[...DIMENSIONS.map(identifier), ...columns].join(',\n  ')}
FROM lake`;
}
