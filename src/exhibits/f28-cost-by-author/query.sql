-- Cost and use of each model, whole window, by author: the 12 authors with the most tokens, the rest as `other`.
-- One row: one model; group: its author. x: dollars per million tokens really paid, prompt and completion blended, cache
-- discounts included, traffic on a key of the user left out; y: tokens of the same traffic.
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
authors AS (
  SELECT author, row_number() OVER (ORDER BY sum(y) DESC, author) AS rank
  FROM dots
  WHERE x > 0 AND y > 0 AND author <> 'unknown'
  GROUP BY author
)
SELECT
  d.name,
  CASE WHEN d.author = 'unknown' OR a.rank <= 12 THEN d.author ELSE 'other' END AS "group",
  d.x,
  d.y,
  d.model,
  d.requests
FROM dots AS d
LEFT JOIN authors AS a ON a.author = d.author
WHERE d.x > 0 AND d.y > 0
ORDER BY d.y DESC, d.model
