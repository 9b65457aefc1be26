-- What the 12 largest categories are made of: tags inside each, over the whole window, in the labelled sample.
-- One row: one category (group) and one tag (series), or `other` for its tags under 7 %. value: fraction of the
-- tokens of the category, weighted by 1 / sample rate. Categories and tags come largest first.
WITH tags AS (
  SELECT category, tag, sum(total_tokens * weight) AS tokens, count(*) AS requests
  FROM labelled
  WHERE category <> 'other'
  GROUP BY ALL
),
categories AS (
  SELECT category, sum(tokens) AS tokens, row_number() OVER (ORDER BY sum(tokens) DESC, category) AS rank
  FROM tags
  GROUP BY category
  HAVING sum(tokens) > 0
),
named AS (
  SELECT
    c.rank,
    t.category,
    CASE WHEN t.tokens >= 0.07 * c.tokens THEN t.tag ELSE 'other' END AS series,
    sum(t.tokens) / any_value(c.tokens) AS value,
    sum(t.requests)::BIGINT AS requests
  FROM tags AS t
  JOIN categories AS c ON c.category = t.category
  WHERE c.rank <= 12
  GROUP BY ALL
)
SELECT category AS "group", series, value, requests
FROM named
ORDER BY rank, series = 'other', value DESC, series
