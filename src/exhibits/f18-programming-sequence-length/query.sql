-- Mean sequence length (prompt and completion tokens per request) of programming and of everything, over the labelled
-- generations whose prompt and completion tokens are known. One row: one period and programming or overall. value: tokens
-- per request, each generation weighted by 1 / sample rate.
WITH counted AS (
  SELECT period, partial, category, total_tokens * weight AS tokens, requests * weight AS calls
  FROM labelled
  WHERE requests > 0 AND prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL
)
SELECT period, 'programming' AS series, sum(tokens) / sum(calls) AS value, count(*) AS requests, partial
FROM counted
WHERE category = 'programming'
GROUP BY period, partial
UNION ALL
SELECT period, 'overall', sum(tokens) / sum(calls), count(*), partial
FROM counted
GROUP BY period, partial
ORDER BY period, series
