-- Whose models the money for programming goes to: the 8 authors with the most, in the labelled sample.
-- One row: one period and one author, or `other` for the rest. value: fraction of what was paid for programming.
-- Paid with a provider key of the user is not in it. A generation stands for 1 / sample rate of them.
WITH ranked AS (
  SELECT author, row_number() OVER (ORDER BY sum(paid_cost * weight) DESC, author) AS rank
  FROM labelled
  WHERE category = 'programming'
  GROUP BY author
  HAVING sum(paid_cost * weight) > 0
),
sums AS (
  SELECT
    l.period,
    l.partial,
    CASE WHEN r.rank <= 8 THEN l.author ELSE 'other' END AS series,
    sum(l.paid_cost * l.weight) AS spend,
    count(*) AS requests
  FROM labelled AS l
  JOIN ranked AS r ON r.author = l.author
  WHERE l.category = 'programming' AND l.paid_cost IS NOT NULL
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
  coalesce(s.spend, 0) / nullif(sum(s.spend) OVER (PARTITION BY c.period), 0) AS value,
  coalesce(s.requests, 0) AS requests,
  c.partial
FROM cells AS c
LEFT JOIN sums AS s ON s.period = c.period AND s.series = c.series
ORDER BY c.period, c.series
