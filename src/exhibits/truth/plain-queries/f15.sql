-- Mean completion tokens per request, and of the reasoning tokens that are a part of them, where they are known.
SELECT period, 'completion' AS series, sum(completion_tokens) / sum(requests) AS value, sum(requests) AS requests, partial
FROM selected
WHERE completion_tokens IS NOT NULL AND requests IS NOT NULL
GROUP BY period, partial
UNION ALL
SELECT period, 'reasoning-part', sum(reasoning_tokens) / sum(requests), sum(requests), partial
FROM selected
WHERE completion_tokens IS NOT NULL AND reasoning_tokens IS NOT NULL AND requests IS NOT NULL
GROUP BY period, partial
ORDER BY period, series
