-- Traffic by day and model: the smallest cube, which answers every exhibit that filters by neither provider, place nor app.
-- One row: one UTC day, one model as its source names it. Reads the relation `traffic_by_provider`.
SELECT
  "day",
  model,
  sum(rows)::BIGINT AS rows,
  sum(requests)::BIGINT AS requests,
  sum(total_tokens)::BIGINT AS total_tokens,
  sum(prompt_tokens)::BIGINT AS prompt_tokens,
  sum(completion_tokens)::BIGINT AS completion_tokens,
  sum(reasoning_tokens)::BIGINT AS reasoning_tokens,
  sum(cached_tokens)::BIGINT AS cached_tokens,
  sum("cost") AS "cost",
  sum(cost_tokens)::BIGINT AS cost_tokens,
  sum(tool_call_tokens)::BIGINT AS tool_call_tokens,
  sum(finish_reason_tokens)::BIGINT AS finish_reason_tokens,
  sum(tools_offered_tokens)::BIGINT AS tools_offered_tokens,
  sum(tools_known_tokens)::BIGINT AS tools_known_tokens,
  sum(tools_offered_requests)::BIGINT AS tools_offered_requests,
  sum(counted_tokens)::BIGINT AS counted_tokens,
  sum(counted_prompt_tokens)::BIGINT AS counted_prompt_tokens,
  sum(counted_completion_tokens)::BIGINT AS counted_completion_tokens,
  sum(counted_reasoning_tokens)::BIGINT AS counted_reasoning_tokens,
  sum(prompt_requests)::BIGINT AS prompt_requests,
  sum(completion_requests)::BIGINT AS completion_requests,
  sum(reasoning_requests)::BIGINT AS reasoning_requests
FROM traffic_by_provider
GROUP BY ALL
ORDER BY "day", model
