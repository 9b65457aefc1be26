-- Tags inside the 12 largest categories, share of tokens; those under 7 % of their category together.
WITH tags AS (
  SELECT category, tag, sum(total_tokens * weight) AS tokens, count(*) AS requests, sum(tokens) OVER (PARTITION BY category) AS whole
  FROM sample
  WHERE category <> 'other'
  GROUP BY category, tag
),
top AS (
  SELECT DISTINCT category, whole FROM tags WHERE whole > 0 ORDER BY whole DESC, category LIMIT 12
)
SELECT
  category AS "group",
  if(tokens >= 0.07 * whole, tag, 'other') AS series,
  sum(tokens) / whole AS value,
  sum(requests) AS requests
FROM tags
WHERE category IN (SELECT category FROM top)
GROUP BY category, series, whole
ORDER BY whole DESC, category, series = 'other', value DESC, series
