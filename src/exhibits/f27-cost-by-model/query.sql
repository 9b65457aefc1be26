-- Cost and use of each model, whole window.
-- One row: one model; group: open, closed or unknown. x: dollars per million tokens really paid, prompt and completion
-- blended, cache discounts included, traffic on a key of the user left out; y: tokens of the same traffic.
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
SELECT name, openness AS "group", x, y, model, requests
FROM dots
WHERE x > 0 AND y > 0
ORDER BY y DESC, model
