-- Spend by world region: the continent of the billing country.
-- One row: one period and one continent, or unknown. value: fraction of what was paid in the period. Paid with the
-- own provider key of a user is not in it. requests: all of the region, also those that nobody paid for.
WITH sums AS (
  SELECT period, partial, continent AS series, sum(paid_cost) AS spend, sum(requests) AS requests
  FROM places
  GROUP BY ALL
),
-- A region without spend in a period that has some is a true zero.
cells AS (
  SELECT p.period, p.partial, g.series
  FROM (SELECT period, partial FROM sums GROUP BY ALL HAVING sum(spend) > 0) AS p
  CROSS JOIN (SELECT series FROM sums GROUP BY ALL HAVING sum(spend) > 0) AS g
)
SELECT
  c.period,
  c.series,
  coalesce(s.spend, 0) / sum(s.spend) OVER (PARTITION BY c.period) AS value,
  CASE WHEN s.series IS NULL THEN 0 ELSE s.requests END AS requests,
  c.partial
FROM cells AS c
LEFT JOIN sums AS s ON s.period = c.period AND s.series = c.series
ORDER BY c.period, c.series
