-- Share of the labelled tokens of an author by category: Anthropic, Google, xAI.
WITH labelled AS (
  FROM sample WHERE author IN ('anthropic', 'google', 'x-ai') AND category <> 'other'
)
SELECT
  n.author AS panel,
  period,
  series,
  coalesce(sum(total_tokens * weight) FILTER (category = series), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) FILTER (category = series) AS requests,
  partial
FROM labelled AS n
JOIN (SELECT DISTINCT author, category AS series FROM labelled) AS s ON s.author = n.author
GROUP BY panel, period, series, partial
ORDER BY panel, period, series
