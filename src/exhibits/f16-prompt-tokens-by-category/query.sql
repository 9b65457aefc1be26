-- Mean prompt tokens per request by category, over the labelled generations whose prompt tokens are known.
-- One row: one period and one category. value: tokens per request, each generation weighted by 1 / sample rate.
SELECT
  period,
  category AS series,
  sum(prompt_tokens * weight) / nullif(sum(requests * weight), 0) AS value,
  count(*) AS requests,
  partial
FROM labelled
WHERE category <> 'other' AND prompt_tokens IS NOT NULL AND requests > 0
GROUP BY period, category, partial
ORDER BY period, series
