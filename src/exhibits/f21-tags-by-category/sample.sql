-- The sample that the intervals rest on. One row: one labelled generation and the series that it counts in.
WITH tags AS MATERIALIZED (
  SELECT category, tag, sum(total_tokens * weight) / nullif(sum(sum(total_tokens * weight)) OVER (PARTITION BY category), 0) AS share
  FROM labelled
  WHERE category <> 'other'
  GROUP BY category, tag
)
SELECT
  l.category AS "group",
  CASE WHEN t.share >= 0.07 THEN l.tag ELSE 'other' END AS series,
  l.account,
  l.sample_rate,
  l.weight,
  l.total_tokens AS amount
FROM labelled AS l
JOIN tags AS t ON t.category = l.category AND t.tag = l.tag
