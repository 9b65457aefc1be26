-- Share of programming in the labelled sample.
-- One row: one period. value: fraction of the labelled tokens that have a category, weighted by 1 / sample rate.
SELECT
  period,
  'programming' AS series,
  coalesce(sum(total_tokens * weight) FILTER (WHERE category = 'programming'), 0)
    / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) AS requests,
  partial
FROM labelled
WHERE category <> 'other'
GROUP BY period, partial
ORDER BY period
