-- Share of tokens in generations whose finish reason is a tool call; and of those whose finish reason nobody states, where
-- there are such.
SELECT
  period,
  'tool-calls' AS series,
  coalesce(sum(total_tokens) FILTER (finish_reason = 'tool_calls'), 0) / nullif(sum(total_tokens), 0) AS value,
  sum(requests) AS requests,
  partial
FROM selected
GROUP BY period, partial
UNION ALL
SELECT
  period,
  'unknown',
  coalesce(sum(total_tokens) FILTER (finish_reason IS NULL), 0) / nullif(sum(total_tokens), 0),
  sum(requests),
  partial
FROM selected
WHERE EXISTS (FROM selected WHERE finish_reason IS NULL AND total_tokens > 0)
GROUP BY period, partial
ORDER BY period, series
