-- Number of distinct open models with traffic, by size class.
-- One row: one period and one class. value: models with at least one token.
WITH counts AS (
  SELECT period, partial, coalesce(size, 'unknown') AS series, count(DISTINCT model) FILTER (WHERE total_tokens > 0) AS models, sum(requests) AS requests
  FROM traffic
  WHERE openness = 'open'
  GROUP BY ALL
),
cells AS (
  SELECT p.period, p.partial, g.series
  FROM (SELECT DISTINCT period, partial FROM counts) AS p
  CROSS JOIN (SELECT DISTINCT series FROM counts) AS g
)
SELECT
  c.period,
  c.series,
  coalesce(n.models, 0) AS value,
  CASE WHEN n.models IS NULL THEN 0 ELSE n.requests END AS requests,
  c.partial
FROM cells AS c
LEFT JOIN counts AS n ON n.period = c.period AND n.series = c.series
ORDER BY c.period, c.series
