-- labelled: generations. shown, of, rest_share: categories shown, all of them, and the weighted tokens of those not shown.
-- other_share: weighted tokens without a category.
-- The sample is read once.
WITH sample AS MATERIALIZED (SELECT category, total_tokens, weight FROM labelled),
categories AS (
  SELECT category, sum(total_tokens * weight) AS tokens, row_number() OVER (ORDER BY sum(total_tokens * weight) DESC, category) AS rank
  FROM sample
  WHERE category <> 'other'
  GROUP BY category
  HAVING sum(total_tokens * weight) > 0
)
SELECT
  (SELECT count(*) FROM sample) AS labelled,
  (SELECT count(*) FROM categories WHERE rank <= 12) AS shown,
  (SELECT count(*) FROM categories) AS "of",
  (SELECT coalesce(sum(tokens) FILTER (WHERE rank > 12) / nullif(sum(tokens), 0), 0) FROM categories) AS rest_share,
  (
    SELECT coalesce(sum(total_tokens * weight) FILTER (WHERE category = 'other') / nullif(sum(total_tokens * weight), 0), 0)
    FROM sample
  ) AS other_share
