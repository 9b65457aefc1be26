-- Share of labelled tokens of Chinese open models by category.
WITH chinese AS (
  FROM sample WHERE openness = 'open' AND origin = 'chinese' AND category <> 'other'
)
SELECT
  period,
  series,
  coalesce(sum(total_tokens * weight) FILTER (category = series), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) FILTER (category = series) AS requests,
  partial
FROM chinese, (SELECT DISTINCT category AS series FROM chinese)
GROUP BY period, series, partial
ORDER BY period, series
