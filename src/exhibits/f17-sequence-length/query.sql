-- Mean sequence length: prompt and completion tokens per request, over the requests whose prompt and completion tokens are
-- known. One row: one period. value: tokens per request.
SELECT
  period,
  'sequence-length' AS series,
  sum(sequence_tokens) / nullif(sum(sequence_requests), 0) AS value,
  sum(sequence_requests)::BIGINT AS requests,
  partial
FROM traffic
GROUP BY period, partial
HAVING sum(sequence_requests) > 0
ORDER BY period
