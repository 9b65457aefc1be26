-- Mean completion tokens per request, and the reasoning tokens among them where the source tells them apart.
-- One row: one period and completion or reasoning. value: tokens per request.
SELECT
  period,
  'completion' AS series,
  sum(counted_completion_tokens) / nullif(sum(completion_requests), 0) AS value,
  sum(completion_requests)::BIGINT AS requests,
  partial
FROM traffic
GROUP BY period, partial
HAVING sum(completion_requests) > 0
UNION ALL
SELECT
  period,
  'reasoning-part' AS series,
  sum(counted_reasoning_tokens) / nullif(sum(reasoning_requests), 0) AS value,
  sum(reasoning_requests)::BIGINT AS requests,
  partial
FROM traffic
GROUP BY period, partial
HAVING sum(reasoning_requests) > 0
ORDER BY period, series
