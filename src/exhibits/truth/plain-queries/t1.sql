-- Total tokens of open models by author, all variants.
SELECT
  author,
  author_name,
  sum(total_tokens) AS tokens,
  tokens / sum(tokens) OVER () AS share,
  count(DISTINCT model) AS models,
  sum(requests) AS requests
FROM selected
WHERE openness = 'open'
GROUP BY author, author_name
HAVING tokens > 0
ORDER BY tokens DESC, author
