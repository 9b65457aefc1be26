-- Share of tokens by language of the prompt, of those whose language is known.
SELECT
  "language",
  sum(total_tokens) AS tokens,
  tokens / sum(tokens) OVER () AS share,
  sum(requests) AS requests
FROM selected
WHERE "language" IS NOT NULL
GROUP BY "language"
HAVING tokens > 0
ORDER BY tokens DESC, "language"
