-- What open models are used for: categories of the labelled sample.
-- One row: one period and one category. value: fraction of the labelled open tokens of the period that have a category.
-- A labelled generation stands for the others that the sample left out: its tokens are weighted by 1 / sample rate.
WITH sums AS (
  SELECT period, partial, category AS series, sum(total_tokens * weight) AS tokens, count(*) AS requests
  FROM labelled
  WHERE openness = 'open' AND category <> 'other'
  GROUP BY ALL
),
-- A series without labelled traffic in a period that has some is a true zero.
cells AS (
  SELECT p.period, p.partial, g.series
  FROM (SELECT DISTINCT period, partial FROM sums) AS p
  CROSS JOIN (SELECT DISTINCT series FROM sums) AS g
)
SELECT
  c.period,
  c.series,
  coalesce(s.tokens, 0) / nullif(sum(s.tokens) OVER (PARTITION BY c.period), 0) AS value,
  coalesce(s.requests, 0) AS requests,
  c.partial
FROM cells AS c
LEFT JOIN sums AS s ON s.period = c.period AND s.series = c.series
ORDER BY c.period, c.series
