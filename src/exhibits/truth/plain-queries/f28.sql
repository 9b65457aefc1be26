-- Effective dollars per million tokens, and tokens, of each model, by author: the 12 authors with the most tokens among
-- these, and the others together. BYOK is left out. `requests` are all of the model.
WITH dots AS (
  SELECT
    model,
    model_name,
    author,
    -- As far as doubles added up in another order agree.
    round(sum(paid) / sum(total_tokens) FILTER (paid IS NOT NULL) * 1e6, 9) AS x,
    sum(total_tokens) FILTER (paid IS NOT NULL) AS y,
    sum(requests) AS requests
  FROM selected
  GROUP BY model, model_name, author
  HAVING sum(paid) > 0 AND y > 0
),
top AS (
  SELECT author FROM dots WHERE author <> 'unknown' GROUP BY author ORDER BY sum(y) DESC, author LIMIT 12
)
SELECT model_name AS name, if(author = 'unknown' OR author IN (FROM top), author, 'other') AS "group", x, y, model, requests
FROM dots
ORDER BY y DESC, model
