-- languages: how many occur. unknown_share: tokens whose language nobody states, left out of the table.
SELECT
  count(DISTINCT language) AS languages,
  coalesce(1 - coalesce(sum(total_tokens) FILTER (WHERE language IS NOT NULL), 0) / nullif(sum(total_tokens), 0), 0) AS unknown_share
FROM languages
