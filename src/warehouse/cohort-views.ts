/**
 * Cohorts: the accounts that first used a model in the same month, and how many of them are there in each month after.
 * First months are over all history and over the catalog's model, whatever slugs it came under.
 */
import { ACCOUNT_CLASS, accountClass } from './account-class.ts';
import { literal } from './engine.ts';
import { conditions, recordColumns } from './filters.ts';
import { ACCOUNT_MONTHS } from './mart-definitions.ts';
import { martSource } from './mart-source.ts';
import { lastWholeMonth } from './periods.ts';
import type { View, ViewInput } from './views.ts';

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
  const all = conditions(input.selection, { model: 'm', record: 'c', label: 'c' });
  const where = all.length > 0 ? `\nWHERE ${all.join('\n  AND ')}` : '';
  if (input.cohorts)
    return `SELECT c.* FROM read_parquet(${literal(input.cohorts)}) AS c
JOIN (SELECT DISTINCT ON (model) * FROM models) AS m ON m.model = c.model${where}`;
  const filtered = recordColumns(input.selection);
  const columns = [...new Set(['account', 'model', 'month', 'total_tokens', ...filtered])].filter(
    (c) => c !== ACCOUNT_CLASS,
  );
  const source = martSource(input, ACCOUNT_MONTHS, columns);
  const classed = filtered.includes(ACCOUNT_CLASS)
    ? `SELECT *, ${accountClass('account', input.largeAccounts)} AS ${ACCOUNT_CLASS} FROM (${source})`
    : source;
  return cohortActivity(`SELECT c.account, c.model, c."month", c.total_tokens
FROM (${classed}) AS c
JOIN models AS m ON m.slug = c.model${where}`);
}

/** @param uses a SELECT of account, model (as its source names it), month and total_tokens */
export function cohortActivity(uses: string): string {
  return `WITH uses AS (
  SELECT u.account, m.model, u."month", sum(u.total_tokens) AS tokens
  FROM (${uses}) AS u
  JOIN models AS m ON m.slug = u.model
  GROUP BY ALL
),
months AS (
  SELECT model, "month", min("month") OVER (PARTITION BY model, account) AS cohort
  FROM uses
  WHERE account IS NOT NULL
)
SELECT model, cohort, "month", count(*) AS accounts, NULL::DOUBLE AS tokens FROM months GROUP BY ALL
UNION ALL
SELECT model, NULL, "month", NULL, sum(tokens)::DOUBLE FROM uses GROUP BY ALL`;
}

/** Ages without activity are there with none: every cohort has a row for each month up to the last. */
function cohortsSql({ manifest, selection }: ViewInput): string {
  const last = lastWholeMonth(manifest, selection);
  const from = selection.from ? `DATE ${literal(`${selection.from.slice(0, 7)}-01`)}` : "DATE '1970-01-01'";
  const to = last ? `DATE ${literal(last)}` : "DATE '1969-12-01'";
  return `WITH sizes AS (
  SELECT model, cohort, accounts AS size
  FROM cohort_activity
  WHERE cohort = "month" AND cohort BETWEEN ${from} AND ${to}
),
ages AS (
  SELECT model, cohort, size, unnest(range(datediff('month', cohort, ${to}) + 1)) AS age FROM sizes
),
totals AS (
  SELECT model, sum(tokens) AS tokens FROM cohort_activity
  WHERE cohort IS NULL AND "month" BETWEEN ${from} AND ${to}
  GROUP BY model
)
SELECT a.model, n.model_name, n.author, a.cohort, a.age::INTEGER AS age, coalesce(c.accounts, 0) AS accounts, a.size,
  coalesce(t.tokens, 0) AS tokens
FROM ages AS a
JOIN (SELECT DISTINCT ON (model) * FROM models) AS n ON n.model = a.model
LEFT JOIN cohort_activity AS c
  ON c.model = a.model AND c.cohort = a.cohort AND datediff('month', a.cohort, c."month") = a.age
LEFT JOIN totals AS t ON t.model = a.model`;
}
