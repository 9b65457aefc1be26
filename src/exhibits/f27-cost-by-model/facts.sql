-- slope, intercept, r2, n: log10(tokens) on log10(price), least squares, each model once. slope_error: standard error of the
-- slope, NULL where no point is left to tell it by. price_cut_change: how much more use goes with a price 10 % lower, by that
-- line: 0.9 ^ slope - 1. free, free_share: models that cost nothing and cannot stand on a logarithmic axis, and their part of
-- the priced tokens. unpriced_share: tokens without a known cost or on a key of the user.
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
fit AS (
  SELECT
    count(*) AS n,
    regr_slope(log10(y), log10(x)) AS slope,
    regr_intercept(log10(y), log10(x)) AS intercept,
    regr_r2(log10(y), log10(x)) AS r2,
    sqrt(regr_syy(log10(y), log10(x)) / regr_sxx(log10(y), log10(x)) * greatest(1 - r2, 0) / nullif(n - 2, 0)) AS slope_error
  FROM dots
  WHERE x > 0 AND y > 0
  -- Prices that are all the same have no line through them.
  HAVING count(DISTINCT x) > 1
)
SELECT
  count(*) FILTER (WHERE x > 0 AND y > 0) AS n,
  (SELECT slope FROM fit) AS slope,
  (SELECT intercept FROM fit) AS intercept,
  (SELECT r2 FROM fit) AS r2,
  (SELECT slope_error FROM fit) AS slope_error,
  (SELECT pow(0.9, slope) - 1 FROM fit) AS price_cut_change,
  count(*) FILTER (WHERE x = 0) AS free,
  coalesce(sum(y) FILTER (WHERE x = 0) / nullif(sum(y), 0), 0) AS free_share,
  (SELECT coalesce(1 - coalesce(sum(paid_tokens), 0) / nullif(sum(total_tokens), 0), 0) FROM traffic) AS unpriced_share
FROM dots
