-- shown, of: models shown and all of them. rest_share: part of the tokens that the others have, over the whole window.
WITH ranked AS (
  SELECT model, sum(total_tokens) AS tokens, row_number() OVER (ORDER BY sum(total_tokens) DESC, model) AS rank
  FROM traffic
  WHERE reasoning
  GROUP BY model
  HAVING sum(total_tokens) > 0
)
SELECT
  count(*) FILTER (WHERE rank <= 10) AS shown,
  count(*) AS "of",
  coalesce(sum(tokens) FILTER (WHERE rank > 10) / nullif(sum(tokens), 0), 0) AS rest_share
FROM ranked
