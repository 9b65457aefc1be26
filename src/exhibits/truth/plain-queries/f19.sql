-- Share of the labelled tokens with a category that are programming.
SELECT
  period,
  'programming' AS series,
  coalesce(sum(total_tokens * weight) FILTER (category = 'programming'), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) AS requests,
  partial
FROM sample
WHERE category <> 'other'
GROUP BY period, partial
ORDER BY period
