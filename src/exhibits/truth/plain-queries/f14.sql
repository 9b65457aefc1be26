-- Mean prompt tokens per request.
SELECT period, 'prompt' AS series, sum(prompt_tokens) / sum(requests) AS value, sum(requests) AS requests, partial
FROM selected
WHERE prompt_tokens IS NOT NULL AND requests IS NOT NULL
GROUP BY period, partial
ORDER BY period
