-- Mean of prompt and completion tokens per request, where both are known: of programming, and of everything in the sample.
WITH lines AS (
  SELECT *, 'overall' AS line FROM sample
  UNION ALL
  SELECT *, 'programming' FROM sample WHERE category = 'programming'
)
SELECT
  period,
  line AS series,
  sum(total_tokens * weight) / sum(requests * weight) AS value,
  count(*) AS requests,
  partial
FROM lines
WHERE requests IS NOT NULL AND prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL
GROUP BY period, line, partial
ORDER BY period, series
