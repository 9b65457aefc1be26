-- The labelled sample, one row a record whose labels are known, with its most confident label from 0.5 on (of equal ones
-- the first by name) and the next one, which may say more about the first. No such label: NULL. Reads the relation
-- `lake` (records).
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
  sure[1].path AS path,
  -sure[1].minus AS confidence,
  sure[2].path AS second_path,
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
    list_sort(
      list_transform(
        list_filter(labels, lambda l: l.confidence >= 0.5),
        lambda l: {'minus': -l.confidence, 'path': l.path}
      )
    ) AS sure
  FROM lake
  WHERE labels IS NOT NULL
)
ORDER BY "day", model
