-- Cost and use of each category, whole window, in the labelled sample.
-- One row: one category. x: dollars per million tokens really paid, prompt and completion blended, cache discounts
-- included, traffic on a key of the user left out; y: tokens of the same generations, weighted by 1 / sample rate.
WITH dots AS (
  SELECT
    category,
    -- Sums in another order must not tell equal prices apart.
    round(sum(paid_cost * weight) / nullif(sum(paid_tokens * weight), 0) * 1e6, 9) AS x,
    sum(paid_tokens * weight) AS y,
    count(paid_cost) AS requests
  FROM labelled
  WHERE category <> 'other'
  GROUP BY category
)
SELECT category AS name, category AS "group", x, y, requests
FROM dots
WHERE x > 0 AND y > 0
ORDER BY y DESC, category
