-- The sample that the intervals rest on. One row: one labelled generation and the series that it counts in.
WITH ranked AS (
  SELECT author, row_number() OVER (ORDER BY sum(paid_cost * weight) DESC, author) AS rank
  FROM labelled
  WHERE category = 'programming'
  GROUP BY author
  HAVING sum(paid_cost * weight) > 0
)
SELECT
  l.period,
  CASE WHEN r.rank <= 8 THEN l.author ELSE 'other' END AS series,
  l.account,
  l.sample_rate,
  l.weight,
  l.paid_cost AS amount
FROM labelled AS l
JOIN ranked AS r ON r.author = l.author
WHERE l.category = 'programming' AND l.paid_cost IS NOT NULL
