-- Share of tokens of reasoning models: all their tokens, not their reasoning tokens.
WITH named AS (
  SELECT *, CASE reasoning WHEN true THEN 'reasoning' WHEN false THEN 'non-reasoning' ELSE 'unknown' END AS name FROM selected
)
SELECT
  period,
  series,
  coalesce(sum(total_tokens) FILTER (name = series), 0) / nullif(sum(total_tokens), 0) AS value,
  if(bool_or(name = series), sum(requests) FILTER (name = series), 0) AS requests,
  partial
FROM named, (SELECT DISTINCT name AS series FROM named)
GROUP BY period, series, partial
ORDER BY period, series
