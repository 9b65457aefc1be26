-- shown, of: models shown and all of them. rest_share: part of the tokens that the others have, over the whole window.
-- unknown_reasoning_share: part of all tokens of whose model it is unknown whether it reasons, left out above.
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
  coalesce(sum(tokens) FILTER (WHERE rank > 10) / nullif(sum(tokens), 0), 0) AS rest_share,
  (SELECT coalesce(sum(total_tokens) FILTER (WHERE reasoning IS NULL) / nullif(sum(total_tokens), 0), 0) FROM traffic) AS unknown_reasoning_share
FROM ranked
