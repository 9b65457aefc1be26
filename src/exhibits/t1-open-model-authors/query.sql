-- Open-model authors by tokens, all models and variants, whole window.
-- One row: one author. tokens: prompt and completion; share: of all open tokens.
SELECT
  author,
  author_name,
  sum(total_tokens)::BIGINT AS tokens,
  sum(total_tokens) / sum(sum(total_tokens)) OVER () AS share,
  count(DISTINCT model) AS models,
  sum(requests)::BIGINT AS requests
FROM traffic
WHERE openness = 'open'
GROUP BY author, author_name
HAVING sum(total_tokens) > 0
ORDER BY tokens DESC, author
