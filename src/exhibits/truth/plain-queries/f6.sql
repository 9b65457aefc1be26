-- Share of labelled open tokens by category. A generation of the sample stands for 1 / sample rate of them.
WITH open AS (
  FROM sample WHERE openness = 'open' AND category <> 'other'
)
SELECT
  period,
  series,
  coalesce(sum(total_tokens * weight) FILTER (category = series), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) FILTER (category = series) AS requests,
  partial
FROM open, (SELECT DISTINCT category AS series FROM open)
GROUP BY period, series, partial
ORDER BY period, series
