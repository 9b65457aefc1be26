-- Which models are offered tools: the 10 with the most tokens in generations whose request offered tools.
-- One row: one period and one model, or `other`. value: fraction of all such tokens in the period.
WITH ranked AS (
  SELECT model, row_number() OVER (ORDER BY sum(tools_offered_tokens) DESC, model) AS rank
  FROM traffic
  WHERE tools_offered_tokens > 0
  GROUP BY model
  HAVING sum(tools_offered_tokens) > 0
),
sums AS (
  SELECT
    t.period,
    t.partial,
    CASE WHEN r.rank <= 10 THEN t.model ELSE 'other' END AS series,
    sum(t.tools_offered_tokens) AS tokens,
    sum(t.tools_offered_requests) AS requests
  FROM traffic AS t
  JOIN ranked AS r ON r.model = t.model
  WHERE t.tools_offered_tokens IS NOT NULL
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
