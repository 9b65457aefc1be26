-- Mean prompt tokens per request by category.
SELECT
  period,
  category AS series,
  sum(prompt_tokens * weight) / sum(requests * weight) AS value,
  count(*) AS requests,
  partial
FROM sample
WHERE category <> 'other' AND prompt_tokens IS NOT NULL AND requests IS NOT NULL
GROUP BY period, category, partial
ORDER BY period, series
