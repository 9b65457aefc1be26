-- Mean of prompt and completion tokens per request.
SELECT period, 'sequence-length' AS series, sum(total_tokens) / sum(requests) AS value, sum(requests) AS requests, partial
FROM selected
WHERE requests IS NOT NULL
GROUP BY period, partial
ORDER BY period
