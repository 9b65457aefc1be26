-- The 5 most used models of each segment, whole window. Segments are the quadrants of cost and use by author (F28): they
-- meet at the median price and the median use of all models that cost something.
-- One row: one model. usd_per_million: dollars really paid per million tokens; tokens: of the same traffic.
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
priced AS (
  SELECT *, median(x) OVER () AS median_x, median(y) OVER () AS median_y
  FROM dots
  WHERE x > 0 AND y > 0
),
placed AS (
  SELECT
    CASE
      WHEN y >= median_y AND x < median_x THEN 'efficient-giants'
      WHEN y >= median_y THEN 'premium-leaders'
      WHEN x < median_x THEN 'long-tail'
      ELSE 'premium-specialists'
    END AS segment,
    *
  FROM priced
)
SELECT segment, model, name AS model_name, x AS usd_per_million, y AS tokens, round(log10(y), 2) AS log10_tokens
FROM placed
QUALIFY row_number() OVER (PARTITION BY segment ORDER BY y DESC, model) <= 5
ORDER BY list_position(['efficient-giants', 'premium-leaders', 'long-tail', 'premium-specialists'], segment), y DESC, model
