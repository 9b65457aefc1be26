-- n: models with a price. median_x, median_y: where the segments meet. free, free_share: models that cost nothing and
-- cannot stand on a logarithmic axis, and their part of the priced tokens. unpriced_share: tokens without a known cost or
-- on a key of the user.
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
)
SELECT
  count(*) FILTER (WHERE x > 0) AS n,
  median(x) FILTER (WHERE x > 0) AS median_x,
  median(y) FILTER (WHERE x > 0) AS median_y,
  count(*) FILTER (WHERE x = 0) AS free,
  coalesce(sum(y) FILTER (WHERE x = 0) / nullif(sum(y), 0), 0) AS free_share,
  (SELECT coalesce(1 - coalesce(sum(paid_tokens), 0) / nullif(sum(total_tokens), 0), 0) FROM traffic) AS unpriced_share
FROM dots
