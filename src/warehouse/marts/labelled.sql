-- The labelled sample, one row a record whose labels are known, with its most confident label from 0.5 on (of equal ones
-- the first by name). No such label: path and confidence are NULL. Reads the relation `lake` (records).
SELECT
  created_at::DATE AS "day",
  model,
  variant,
  provider,
  byok,
  country,
  region,
  app,
  account,
  "language",
  best.path AS path,
  -best.minus AS confidence,
  requests,
  prompt_tokens,
  completion_tokens,
  total_tokens,
  "cost",
  sample_rate,
  classifier
FROM (
  SELECT
    *,
    list_min(
      list_transform(
        list_filter(labels, lambda l: l.confidence >= 0.5),
        lambda l: {'minus': -l.confidence, 'path': l.path}
      )
    ) AS best
  FROM lake
  WHERE labels IS NOT NULL
)
ORDER BY "day", model
