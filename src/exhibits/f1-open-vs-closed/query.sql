-- Share of tokens by how open the model is and where it comes from.
-- One row: one period and one of closed, open-chinese, open-row, unknown. value: fraction of all tokens of the period.
WITH sums AS (
  SELECT period, partial, source_group AS series, sum(total_tokens) AS tokens, sum(requests) AS requests
  FROM traffic
  GROUP BY ALL
),
-- A group without traffic in a period that has some is a true zero.
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
