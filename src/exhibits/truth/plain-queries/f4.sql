-- Share of open tokens by size class.
WITH open AS (
  FROM selected WHERE openness = 'open'
)
SELECT
  period,
  series,
  coalesce(sum(total_tokens) FILTER (size = series), 0) / nullif(sum(total_tokens), 0) AS value,
  if(bool_or(size = series), sum(requests) FILTER (size = series), 0) AS requests,
  partial
FROM open, (SELECT DISTINCT size AS series FROM open)
GROUP BY period, series, partial
ORDER BY period, series
