-- What the exhibit rests on. labelled: generations; other_share: weighted tokens without a category, left out above.
-- unknown_source_share: part of all weighted tokens whose model may be open or closed, or from anywhere, left out above.
SELECT
  count(*) FILTER (WHERE source_group = 'open-chinese') AS labelled,
  coalesce(sum(total_tokens * weight) FILTER (WHERE source_group = 'open-chinese' AND category = 'other') / nullif(sum(total_tokens * weight) FILTER (WHERE source_group = 'open-chinese'), 0), 0) AS other_share,
  coalesce(sum(total_tokens * weight) FILTER (WHERE source_group = 'unknown') / nullif(sum(total_tokens * weight), 0), 0) AS unknown_source_share
FROM labelled
