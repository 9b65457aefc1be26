-- Share of labelled programming tokens by {closed, Chinese open, other open}.
WITH programming AS (
  FROM sample WHERE category = 'programming'
)
SELECT
  period,
  series,
  coalesce(sum(total_tokens * weight) FILTER (source_group = series), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) FILTER (source_group = series) AS requests,
  partial
FROM programming, (SELECT DISTINCT source_group AS series FROM programming)
GROUP BY period, series, partial
ORDER BY period, series
