-- Share of tokens by tag inside roleplay, programming and technology; tags under 7 % of their category in the whole window
-- together.
WITH tags AS (
  SELECT category, tag, sum(total_tokens * weight) AS tokens, tokens / sum(tokens) OVER (PARTITION BY category) AS part
  FROM sample
  GROUP BY category, tag
),
named AS (
  SELECT sample.*, if(part >= 0.07, sample.tag, 'other') AS name
  FROM sample
  JOIN tags USING (category, tag)
  WHERE category IN ('roleplay', 'programming', 'technology')
)
SELECT
  n.category AS panel,
  period,
  series,
  coalesce(sum(total_tokens * weight) FILTER (name = series), 0) / nullif(sum(total_tokens * weight), 0) AS value,
  count(*) FILTER (name = series) AS requests,
  partial
FROM named AS n
JOIN (SELECT DISTINCT category, name AS series FROM named) AS s ON s.category = n.category
GROUP BY panel, period, series, partial
ORDER BY panel, period, series
