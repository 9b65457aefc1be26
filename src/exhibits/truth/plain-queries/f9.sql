-- Share of labelled roleplay tokens by {closed, Chinese open, other open}.
WITH roleplay AS (
  FROM sample WHERE category = 'roleplay'
)
SELECT
  period,
  series,
  coalesce(sum(total_tokens * weight) FILTER (source_group = series), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) FILTER (source_group = series) AS requests,
  partial
FROM roleplay, (SELECT DISTINCT source_group AS series FROM roleplay)
GROUP BY period, series, partial
ORDER BY period, series
