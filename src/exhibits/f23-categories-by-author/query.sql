-- What the models of OpenAI, DeepSeek and Qwen are used for: categories of the labelled sample, one panel an author.
-- One row: one author (panel), period and category. value: fraction of the labelled tokens of the period that
-- have a category, weighted by 1 / sample rate.
WITH sums AS (
  SELECT author AS panel, period, partial, category AS series, sum(total_tokens * weight) AS tokens, count(*) AS requests
  FROM labelled
  WHERE author IN ('openai', 'deepseek', 'qwen') AND category <> 'other'
  GROUP BY ALL
),
-- A category without traffic in a period in which the panel has some is a true zero.
cells AS (
  SELECT p.panel, p.period, p.partial, g.series
  FROM (SELECT DISTINCT panel, period, partial FROM sums) AS p
  JOIN (SELECT DISTINCT panel, series FROM sums) AS g ON g.panel = p.panel
)
SELECT
  c.panel,
  c.period,
  c.series,
  coalesce(s.tokens, 0) / nullif(sum(s.tokens) OVER (PARTITION BY c.panel, c.period), 0) AS value,
  coalesce(s.requests, 0) AS requests,
  c.partial
FROM cells AS c
LEFT JOIN sums AS s ON s.panel = c.panel AND s.period = c.period AND s.series = c.series
ORDER BY c.panel, c.period, c.series
