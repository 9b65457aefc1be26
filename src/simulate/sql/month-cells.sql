-- The month's cells with all that holds for their generations. One row: one model, category and day.
CREATE OR REPLACE TEMP TABLE sim_month_cells AS
WITH crew AS (SELECT m, count(*) AS crew FROM sim_active GROUP BY m),
own AS (
  SELECT m, min(first) AS base, sum(n)::BIGINT AS generations
  FROM sim_cells, sim_month AS k
  WHERE sim_cells.month = k.month AND NOT burst
  GROUP BY m
)
SELECT
  c.m, c.c, c.mix, c.day, c.week, c.burst, c.first, c.n,
  o.base, o.generations, w.crew,
  l.prompt_mean, l.completion_mean, l.cached,
  m.prompt_price * l.cost_factor / 1e6 AS price,
  m.reasoning, m.free,
  CASE WHEN c.burst THEN 1 ELSE least(0.97, l.offers * m.tools) END AS offered,
  CASE WHEN c.burst THEN 1 ELSE l.calls END AS called
FROM sim_cells AS c
JOIN sim_month AS k ON k.month = c.month
JOIN own AS o ON o.m = c.m
JOIN crew AS w ON w.m = c.m
JOIN sim_models AS m ON m.m = c.m
JOIN sim_weeks AS l ON l.week = c.week AND l.c = c.c
