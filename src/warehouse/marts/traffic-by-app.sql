-- Traffic by the application that sent it.
-- One row: one UTC day, one model as its source names it, one application. Reads the relation `lake` (records).
-- Sums are over the rows that state the value: NULL = no row states it. What each measure means: docs/reference/marts.md
SELECT
  created_at::DATE AS "day",
  model,
  app,
  count(*) AS rows,
  sum(requests)::BIGINT AS requests,
  sum(total_tokens)::BIGINT AS total_tokens,
  sum(prompt_tokens)::BIGINT AS prompt_tokens,
  sum(completion_tokens)::BIGINT AS completion_tokens,
  sum(reasoning_tokens)::BIGINT AS reasoning_tokens,
  sum(cached_tokens)::BIGINT AS cached_tokens,
  sum("cost") AS "cost",
  sum(CASE WHEN "cost" IS NOT NULL THEN total_tokens END)::BIGINT AS cost_tokens,
  sum(CASE WHEN finish_reason = 'tool_calls' THEN total_tokens END)::BIGINT AS tool_call_tokens,
  sum(CASE WHEN finish_reason IS NOT NULL THEN total_tokens END)::BIGINT AS finish_reason_tokens,
  sum(CASE WHEN tools_offered THEN total_tokens END)::BIGINT AS tools_offered_tokens,
  sum(CASE WHEN tools_offered IS NOT NULL THEN total_tokens END)::BIGINT AS tools_known_tokens,
  sum(CASE WHEN tools_offered THEN requests END)::BIGINT AS tools_offered_requests,
  sum(CASE WHEN requests IS NOT NULL THEN total_tokens END)::BIGINT AS counted_tokens,
  sum(CASE WHEN requests IS NOT NULL THEN prompt_tokens END)::BIGINT AS counted_prompt_tokens,
  sum(CASE WHEN requests IS NOT NULL THEN completion_tokens END)::BIGINT AS counted_completion_tokens,
  sum(CASE WHEN requests IS NOT NULL AND completion_tokens IS NOT NULL THEN reasoning_tokens END)::BIGINT AS counted_reasoning_tokens,
  sum(CASE WHEN prompt_tokens IS NOT NULL THEN requests END)::BIGINT AS prompt_requests,
  sum(CASE WHEN completion_tokens IS NOT NULL THEN requests END)::BIGINT AS completion_requests,
  sum(CASE WHEN completion_tokens IS NOT NULL AND reasoning_tokens IS NOT NULL THEN requests END)::BIGINT AS reasoning_requests
FROM lake
GROUP BY ALL
ORDER BY app, "day", model
