-- Effective dollars per million tokens, and tokens, of each model; open or closed. BYOK is left out, and what cost nothing
-- has no place on a logarithmic axis. `requests` are all of the model.
SELECT
  model_name AS name,
  openness AS "group",
  -- As far as doubles added up in another order agree.
  round(sum(paid) / sum(total_tokens) FILTER (paid IS NOT NULL) * 1e6, 9) AS x,
  sum(total_tokens) FILTER (paid IS NOT NULL) AS y,
  model,
  sum(requests) AS requests
FROM selected
GROUP BY model, name, openness
HAVING sum(paid) > 0 AND y > 0
ORDER BY y DESC, model
