-- Share of the tokens of generations that offered tools by model: the 10 with the most, and the others together.
WITH chosen AS (
  FROM selected WHERE tools_offered QUALIFY sum(total_tokens) OVER (PARTITION BY model) > 0
),
top AS (
  SELECT model FROM chosen GROUP BY model ORDER BY sum(total_tokens) DESC, model LIMIT 10
),
named AS (
  SELECT *, if(model IN (FROM top), model, 'other') AS name FROM chosen
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
