-- shown, of: models shown and all of them. rest_share: part of the tokens that the others have, over the whole window.
-- unknown_openness_share: part of all tokens whose model may be open or closed, left out above.
WITH ranked AS (
  SELECT model, sum(total_tokens) AS tokens, row_number() OVER (ORDER BY sum(total_tokens) DESC, model) AS rank
  FROM traffic
  WHERE openness = 'open'
  GROUP BY model
  HAVING sum(total_tokens) > 0
)
SELECT
  count(*) FILTER (WHERE rank <= 15) AS shown,
  count(*) AS "of",
  coalesce(sum(tokens) FILTER (WHERE rank > 15) / nullif(sum(tokens), 0), 0) AS rest_share,
  (SELECT coalesce(sum(total_tokens) FILTER (WHERE openness = 'unknown') / nullif(sum(total_tokens), 0), 0) FROM traffic) AS unknown_openness_share
FROM ranked
