-- labelled: programming generations with a known price. shown, of, rest_share: authors shown, all of them, and what the
-- others were paid. unpriced_share: weighted programming tokens whose cost nobody states or which ran on a key of the user.
-- The sample is read once.
WITH sample AS MATERIALIZED (SELECT author, category, paid_cost, paid_tokens, total_tokens, weight FROM labelled WHERE category = 'programming'),
authors AS (
  SELECT author, sum(paid_cost * weight) AS spend, row_number() OVER (ORDER BY sum(paid_cost * weight) DESC, author) AS rank
  FROM sample
  WHERE category = 'programming'
  GROUP BY author
  HAVING sum(paid_cost * weight) > 0
)
SELECT
  (SELECT count(*) FROM sample WHERE category = 'programming' AND paid_cost IS NOT NULL) AS labelled,
  (SELECT count(*) FROM authors WHERE rank <= 8) AS shown,
  (SELECT count(*) FROM authors) AS "of",
  (SELECT coalesce(sum(spend) FILTER (WHERE rank > 8) / nullif(sum(spend), 0), 0) FROM authors) AS rest_share,
  (
    SELECT coalesce(1 - coalesce(sum(paid_tokens * weight), 0) / nullif(sum(total_tokens * weight), 0), 0)
    FROM sample
    WHERE category = 'programming'
  ) AS unpriced_share
