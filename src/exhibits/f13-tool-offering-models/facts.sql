-- shown, of: models shown and all of them. rest_share: part of the tokens that the others have, over the whole window.
WITH ranked AS (
  SELECT model, sum(tools_offered_tokens) AS tokens, row_number() OVER (ORDER BY sum(tools_offered_tokens) DESC, model) AS rank
  FROM traffic
  WHERE tools_offered_tokens > 0
  GROUP BY model
  HAVING sum(tools_offered_tokens) > 0
)
SELECT
  count(*) FILTER (WHERE rank <= 10) AS shown,
  count(*) AS "of",
  coalesce(sum(tokens) FILTER (WHERE rank > 10) / nullif(sum(tokens), 0), 0) AS rest_share
FROM ranked
