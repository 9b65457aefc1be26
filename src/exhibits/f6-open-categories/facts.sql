-- What the exhibit rests on. labelled: generations; other_share: weighted tokens without a category, left out above.
SELECT
  count(*) AS labelled,
  coalesce(sum(total_tokens * weight) FILTER (WHERE category = 'other') / nullif(sum(total_tokens * weight), 0), 0) AS other_share
FROM labelled
WHERE openness = 'open'
