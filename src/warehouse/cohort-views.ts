/**
 * Cohorts: the accounts that first used a model in the same month, and how many of them are there in each month after.
 * First months are over all history and over the catalog's model, whatever slugs it came under.
 */
import { ACCOUNT_FACTS, withAccountFacts } from './account-join.ts';
import { literal } from './engine.ts';
import { conditions, recordColumns, type Selection } from './filters.ts';
import { ACCOUNT_MONTHS } from './mart-definitions.ts';
import { martSource } from './mart-source.ts';
import { lastWholeMonth } from './periods.ts';
import type { View, ViewInput } from './view-input.ts';

export function cohortViews(input: ViewInput): View[] {
  return [
    { name: 'cohort_activity', sql: activitySql(input) },
    { name: 'cohorts', sql: cohortsSql(input) },
  ];
}

/**
 * Accounts by model, cohort and month; tokens by model and month, in rows whose cohort is NULL.
 * Where a file has that already, only the conditions on models are left to apply.
 */
function activitySql(input: ViewInput): string {
  const { selection } = input;
  if (!input.cohorts) return cohortActivity(accountUses(input, selection));
  const where = whereSql(conditions(selection, ALIASES, 'model'));
  return `SELECT c.* FROM read_parquet(${literal(input.cohorts)}) AS c
JOIN (SELECT DISTINCT ON (model) * FROM models) AS m ON m.model = c.model${where}`;
}

const ALIASES = { model: 'm', record: 'c', label: 'c' };
const whereSql = (all: readonly string[]): string =>
  all.length > 0 ? `\nWHERE ${all.join('\n  AND ')}` : '';

/** Account, model, month and tokens: what a selection leaves of the mart. Reads `models`. */
export function accountUses(
  input: Pick<ViewInput, 'manifest' | 'layout' | 'largeAccounts'>,
  selection: Selection,
): string {
  const filtered = recordColumns(selection);
  const columns = [...new Set(['account', 'model', 'month', 'total_tokens', ...filtered])].filter(
    (c) => !ACCOUNT_FACTS.includes(c),
  );
  const source = martSource(input, ACCOUNT_MONTHS, columns);
  const classed = withAccountFacts(source, filtered, input.largeAccounts, input);
  return `SELECT c.account, m.model, c."month", c.total_tokens
FROM (${classed}) AS c
JOIN models AS m ON m.slug = c.model${whereSql(conditions(selection, ALIASES))}`;
}

/** @param uses a SELECT of account, model, month and total_tokens */
export function cohortActivity(uses: string): string {
  return `WITH lives AS (
  SELECT model, account, list(DISTINCT "month") AS months FROM (${uses}) WHERE account IS NOT NULL GROUP BY model, account
),
active AS (
  SELECT model, list_min(months) AS cohort, unnest(months) AS "month" FROM lives
)
SELECT model, cohort, "month", count(*) AS accounts, NULL::DOUBLE AS tokens FROM active GROUP BY ALL
UNION ALL
SELECT model, NULL, "month", NULL, sum(total_tokens)::DOUBLE FROM (${uses}) GROUP BY ALL`;
}

/**
 * Every cohort has a row for each month up to the last. Of a month in which no record of the
 * dataset states an account nothing is known.
 */
function cohortsSql({ manifest, selection }: ViewInput): string {
  const last = lastWholeMonth(manifest, selection);
  const from = selection.from ? `DATE ${literal(`${selection.from.slice(0, 7)}-01`)}` : "DATE '1970-01-01'";
  const to = last ? `DATE ${literal(last)}` : "DATE '1969-12-01'";
  const stated = manifest.lake.filter((f) => (f.nulls.account ?? 0) < f.rows).map((f) => f.month);
  const known = [...new Set(stated)].sort().map((month) => `DATE ${literal(`${month}-01`)}`);
  return `WITH sizes AS (
  SELECT model, cohort, accounts AS size
  FROM cohort_activity
  WHERE cohort = "month" AND cohort BETWEEN ${from} AND ${to}
),
ages AS (
  SELECT model, cohort, size, unnest(range(datediff('month', cohort, ${to}) + 1)) AS age FROM sizes
),
aged AS (
  SELECT model, cohort, datediff('month', cohort, "month") AS age, accounts FROM cohort_activity WHERE cohort IS NOT NULL
),
totals AS (
  SELECT model, sum(tokens) AS tokens FROM cohort_activity
  WHERE cohort IS NULL AND "month" BETWEEN ${from} AND ${to}
  GROUP BY model
)
SELECT a.model, n.model_name, n.author, a.cohort, a.age::INTEGER AS age,
  CASE WHEN a.cohort + to_months(a.age::INTEGER) IN (${known.join(', ') || 'NULL'}) THEN coalesce(c.accounts, 0) END AS accounts, a.size,
  coalesce(t.tokens, 0) AS tokens
FROM ages AS a
JOIN (SELECT DISTINCT ON (model) * FROM models) AS n ON n.model = a.model
LEFT JOIN aged AS c ON c.model = a.model AND c.cohort = a.cohort AND c.age = a.age
LEFT JOIN totals AS t ON t.model = a.model`;
}
