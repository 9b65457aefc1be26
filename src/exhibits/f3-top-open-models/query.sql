-- The 15 most used open models over time.
-- One row: one period and one model, or `other` for the rest. value: fraction of the open tokens of the period.
-- The 15 are those with the most tokens in the whole window.
WITH ranked AS (
  SELECT model, row_number() OVER (ORDER BY sum(total_tokens) DESC, model) AS rank
  FROM traffic
  WHERE openness = 'open'
  GROUP BY model
  HAVING sum(total_tokens) > 0
),
sums AS (
  SELECT
    t.period,
    t.partial,
    CASE WHEN r.rank <= 15 THEN t.model ELSE 'other' END AS series,
    sum(t.total_tokens) AS tokens,
    sum(t.requests) AS requests
  FROM traffic AS t
  JOIN ranked AS r ON r.model = t.model
  WHERE t.openness = 'open'
  GROUP BY ALL
),
cells AS (
  SELECT p.period, p.partial, g.series
  FROM (SELECT DISTINCT period, partial FROM sums) AS p
  CROSS JOIN (SELECT DISTINCT series FROM sums) AS g
)
SELECT
  c.period,
  c.series,
  coalesce(s.tokens, 0) / nullif(sum(s.tokens) OVER (PARTITION BY c.period), 0) AS value,
  CASE WHEN s.tokens IS NULL THEN 0 ELSE s.requests END AS requests,
  c.partial
FROM cells AS c
LEFT JOIN sums AS s ON s.period = c.period AND s.series = c.series
ORDER BY c.period, c.series
