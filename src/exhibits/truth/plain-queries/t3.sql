-- The 5 most used models of each quadrant of F28; the quadrants meet at the medians.
WITH dots AS (
  SELECT
    model,
    model_name,
    -- As far as doubles added up in another order agree.
    round(sum(paid) / sum(total_tokens) * 1e6, 9) AS usd_per_million,
    sum(total_tokens) AS tokens,
    usd_per_million < median(usd_per_million) OVER () AS cheap,
    tokens >= median(tokens) OVER () AS much
  FROM selected
  WHERE paid IS NOT NULL
  GROUP BY model, model_name
  HAVING sum(paid) > 0 AND tokens > 0
)
SELECT
  CASE
    WHEN cheap AND much THEN 'efficient-giants'
    WHEN much THEN 'premium-leaders'
    WHEN cheap THEN 'long-tail'
    ELSE 'premium-specialists'
  END AS segment,
  model,
  model_name,
  usd_per_million,
  tokens,
  round(log10(tokens), 2) AS log10_tokens
FROM dots
QUALIFY row_number() OVER (PARTITION BY segment ORDER BY tokens DESC, model) <= 5
ORDER BY much DESC, cheap DESC, tokens DESC, model
