-- Retention. The cohort of an account is the month in which it first used the model, over all history; value is the share of a
-- cohort with a record in a later month, also after a pause; NULL where no record of that month states an account. Whole months
-- only. The models of the study come first, then the most used, eight in all.
WITH months AS (
  SELECT "month"
  FROM (
    SELECT
      least(max(created_at)::DATE, $to) + INTERVAL 1 DAY AS ends,
      unnest(range(TIMESTAMP '2020-01-01', ends, INTERVAL 1 MONTH)) AS "month"
    FROM records
  )
  WHERE "month" + INTERVAL 1 MONTH <= ends
),
uses AS (
  SELECT model, account, date_trunc('month', created_at) AS "month", total_tokens FROM history
),
firsts AS (
  SELECT model, account, min("month") AS cohort FROM uses WHERE account IS NOT NULL GROUP BY model, account
),
chosen AS (
  FROM firsts WHERE cohort IN (FROM months) AND cohort >= coalesce(date_trunc('month', $from), cohort)
),
shown AS (
  SELECT
    model,
    list_position(
      [
        'anthropic/claude-sonnet-4', 'google/gemini-2.5-pro', 'google/gemini-2.5-flash', 'openai/gpt-4o-mini',
        'meta-llama/llama-4-maverick', 'google/gemini-2.0-flash', 'deepseek/deepseek-r1', 'deepseek/deepseek-chat-v3-0324'
      ],
      model
    ) AS place,
    sum(total_tokens) FILTER ("month" IN (FROM months) AND "month" >= coalesce(date_trunc('month', $from), "month")) AS tokens
  FROM uses
  WHERE model IN (SELECT model FROM chosen)
  GROUP BY model
  ORDER BY place NULLS LAST, tokens DESC, model
  LIMIT 8
)
SELECT
  model,
  cohort::DATE AS cohort,
  datediff('month', cohort, months."month") AS age,
  if(stated IS NULL, NULL, count(DISTINCT account) FILTER (uses."month" = months."month")) AS accounts,
  accounts / count(DISTINCT account) AS value
FROM shown
JOIN chosen USING (model)
JOIN uses USING (model, account)
JOIN months ON months."month" >= cohort
LEFT JOIN (SELECT DISTINCT date_trunc('month', created_at) AS stated FROM records WHERE account IS NOT NULL)
  ON stated = months."month"
GROUP BY model, cohort, months."month", stated, place, shown.tokens
ORDER BY place NULLS LAST, shown.tokens DESC, model, cohort, age
