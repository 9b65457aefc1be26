-- Mean prompt tokens per request, over the requests whose prompt tokens are known.
-- One row: one period. value: tokens per request.
SELECT
  period,
  'prompt' AS series,
  sum(counted_prompt_tokens) / nullif(sum(prompt_requests), 0) AS value,
  sum(prompt_requests)::BIGINT AS requests,
  partial
FROM traffic
GROUP BY period, partial
HAVING sum(prompt_requests) > 0
ORDER BY period
