-- Mean sequence length: prompt and completion tokens per request.
-- One row: one period. value: tokens per request.
SELECT
  period,
  'sequence-length' AS series,
  sum(counted_tokens) / nullif(sum(requests), 0) AS value,
  sum(requests)::BIGINT AS requests,
  partial
FROM traffic
GROUP BY period, partial
HAVING sum(requests) > 0
ORDER BY period
