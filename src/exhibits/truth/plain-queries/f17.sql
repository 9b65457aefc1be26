-- Mean of prompt and completion tokens per request, where both are known.
SELECT period, 'sequence-length' AS series, sum(total_tokens) / sum(requests) AS value, sum(requests) AS requests, partial
FROM selected
WHERE requests IS NOT NULL AND prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL
GROUP BY period, partial
ORDER BY period
