-- Effective dollars per million tokens, and tokens, of each category. BYOK is left out, and what cost nothing has no place
-- on a logarithmic axis.
SELECT
  category AS "group",
  -- As far as doubles added up in another order agree.
  round(sum(paid * weight) / sum(total_tokens * weight) * 1e6, 9) AS x,
  sum(total_tokens * weight) AS y,
  count(*) AS requests
FROM sample
WHERE category <> 'other' AND paid IS NOT NULL
GROUP BY category
HAVING sum(paid) > 0 AND sum(total_tokens) > 0
ORDER BY y DESC, category
