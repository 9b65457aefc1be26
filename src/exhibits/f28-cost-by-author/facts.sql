-- median_x, median_y: the medians of the n models shown, where the segments meet. efficient_giants … premium_specialists:
-- models in each. free, free_share: models that cost nothing and cannot stand on a logarithmic axis, and their part of the
-- priced tokens. unpriced_share: tokens without a known cost or on a key of the user.
WITH dots AS (
  SELECT
    model,
    any_value(model_name) AS name,
    any_value(author) AS author,
    any_value(openness) AS openness,
    -- Sums in another order must not tell equal prices apart.
    round(sum(paid_cost) / nullif(sum(paid_tokens), 0) * 1e6, 9) AS x,
    sum(paid_tokens)::BIGINT AS y,
    sum(requests)::BIGINT AS requests
  FROM traffic
  GROUP BY model
),
medians AS (
  SELECT median(x) AS x, median(y) AS y
  FROM dots
  WHERE x > 0 AND y > 0
)
SELECT
  count(*) FILTER (WHERE d.x > 0) AS n,
  any_value(m.x) AS median_x,
  any_value(m.y) AS median_y,
  count(*) FILTER (WHERE d.x > 0 AND d.x < m.x AND d.y >= m.y) AS efficient_giants,
  count(*) FILTER (WHERE d.x >= m.x AND d.y >= m.y) AS premium_leaders,
  count(*) FILTER (WHERE d.x > 0 AND d.x < m.x AND d.y < m.y) AS long_tail,
  count(*) FILTER (WHERE d.x >= m.x AND d.y < m.y) AS premium_specialists,
  count(*) FILTER (WHERE d.x = 0) AS free,
  coalesce(sum(d.y) FILTER (WHERE d.x = 0) / nullif(sum(d.y), 0), 0) AS free_share,
  (SELECT coalesce(1 - coalesce(sum(paid_tokens), 0) / nullif(sum(total_tokens), 0), 0) FROM traffic) AS unpriced_share
FROM dots AS d
CROSS JOIN medians AS m
