-- median_x, median_y: the medians of the categories shown, where the quadrants meet. free, free_share: categories that
-- cost nothing and cannot stand on a logarithmic axis, and their part of the priced tokens. unpriced_share: tokens without
-- a known cost or on a key of the user. other_share: weighted tokens without a category.
-- The sample is read once.
WITH sample AS MATERIALIZED (SELECT category, paid_cost, paid_tokens, total_tokens, weight FROM labelled),
dots AS (
  SELECT
    category,
    -- Sums in another order must not tell equal prices apart.
    round(sum(paid_cost * weight) / nullif(sum(paid_tokens * weight), 0) * 1e6, 9) AS x,
    sum(paid_tokens * weight) AS y,
    count(paid_cost) AS requests
  FROM sample
  WHERE category <> 'other'
  GROUP BY category
)
SELECT
  (SELECT count(*) FROM sample) AS labelled,
  count(*) FILTER (WHERE x > 0) AS n,
  median(x) FILTER (WHERE x > 0) AS median_x,
  median(y) FILTER (WHERE x > 0) AS median_y,
  count(*) FILTER (WHERE x = 0) AS free,
  coalesce(sum(y) FILTER (WHERE x = 0) / nullif(sum(y), 0), 0) AS free_share,
  (
    SELECT coalesce(1 - coalesce(sum(paid_tokens * weight), 0) / nullif(sum(total_tokens * weight), 0), 0)
    FROM sample
    WHERE category <> 'other'
  ) AS unpriced_share,
  (
    SELECT coalesce(sum(total_tokens * weight) FILTER (WHERE category = 'other') / nullif(sum(total_tokens * weight), 0), 0)
    FROM sample
  ) AS other_share
FROM dots
