-- Share of tokens in generations that ended in a tool call.
-- One row: one period and tool-calls, or unknown for tokens whose finish reason nobody states. value: fraction of all tokens.
WITH sums AS (
  SELECT
    period,
    partial,
    sum(total_tokens) AS tokens,
    coalesce(sum(tool_call_tokens), 0) AS tool_calls,
    sum(total_tokens) - coalesce(sum(finish_reason_tokens), 0) AS unknown,
    sum(requests) AS requests
  FROM traffic
  GROUP BY ALL
)
SELECT period, 'tool-calls' AS series, tool_calls / nullif(tokens, 0) AS value, requests, partial FROM sums
UNION ALL
SELECT period, 'unknown', unknown / nullif(tokens, 0), requests, partial FROM sums WHERE (SELECT sum(unknown) FROM sums) > 0
ORDER BY period, series
