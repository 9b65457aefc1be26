-- Languages of the prompts, whole window.
-- One row: one language (BCP 47). tokens: prompt and completion; share: of the tokens whose language is known.
SELECT
  language,
  sum(total_tokens)::BIGINT AS tokens,
  sum(total_tokens) / sum(sum(total_tokens)) OVER () AS share,
  sum(requests)::BIGINT AS requests
FROM languages
WHERE language IS NOT NULL
GROUP BY language
HAVING sum(total_tokens) > 0
ORDER BY tokens DESC, language
