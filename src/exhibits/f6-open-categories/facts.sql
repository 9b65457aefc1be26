-- What the exhibit rests on. labelled: generations; other_share: weighted tokens without a category, left out above.
-- unknown_openness_share: part of all weighted tokens whose model may be open or closed, left out above.
SELECT
  count(*) FILTER (WHERE openness = 'open') AS labelled,
  coalesce(sum(total_tokens * weight) FILTER (WHERE openness = 'open' AND category = 'other') / nullif(sum(total_tokens * weight) FILTER (WHERE openness = 'open'), 0), 0) AS other_share,
  coalesce(sum(total_tokens * weight) FILTER (WHERE openness = 'unknown') / nullif(sum(total_tokens * weight), 0), 0) AS unknown_openness_share
FROM labelled
