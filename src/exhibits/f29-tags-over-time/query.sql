-- What roleplay, programming and technology are made of, over time: tags inside each, one panel a category.
-- One row: one category (panel), period and tag, or `other` for the tags under 7 % of the category in the whole window.
-- value: fraction of the labelled tokens of the category in the period, weighted by 1 / sample rate.
WITH inside AS (
  SELECT category AS panel, period, partial, tag, total_tokens * weight AS tokens
  FROM labelled
  WHERE category IN ('roleplay', 'programming', 'technology')
),
tags AS (
  SELECT panel, tag, sum(tokens) / nullif(sum(sum(tokens)) OVER (PARTITION BY panel), 0) AS share
  FROM inside
  GROUP BY panel, tag
),
sums AS (
  SELECT
    i.panel,
    i.period,
    i.partial,
    CASE WHEN t.share >= 0.07 THEN i.tag ELSE 'other' END AS series,
    sum(i.tokens) AS tokens,
    count(*) AS requests
  FROM inside AS i
  JOIN tags AS t ON t.panel = i.panel AND t.tag = i.tag
  GROUP BY ALL
),
-- A tag without traffic in a period in which the panel has some is a true zero.
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
