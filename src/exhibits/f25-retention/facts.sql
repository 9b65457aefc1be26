-- shown, of: models shown and all. cohorts: cohorts shown; small: those of fewer than 5 accounts among them.
WITH study(model, place) AS (
  VALUES
    ('anthropic/claude-sonnet-4', 1),
    ('google/gemini-2.5-pro', 2),
    ('google/gemini-2.5-flash', 3),
    ('openai/gpt-4o-mini', 4),
    ('meta-llama/llama-4-maverick', 5),
    ('google/gemini-2.0-flash', 6),
    ('deepseek/deepseek-r1', 7),
    ('deepseek/deepseek-chat-v3-0324', 8)
),
curves AS MATERIALIZED (FROM cohorts),
used AS (
  SELECT model, any_value(tokens) AS tokens
  FROM curves
  GROUP BY model
),
shown AS (
  SELECT u.model, row_number() OVER (ORDER BY s.place NULLS LAST, u.tokens DESC, u.model) AS rank
  FROM used AS u
  LEFT JOIN study AS s ON s.model = u.model
  QUALIFY rank <= 8
),
sizes AS (
  SELECT DISTINCT c.model, c.cohort, c.size
  FROM curves AS c
  JOIN shown AS s ON s.model = c.model
)
SELECT
  (SELECT count(*) FROM shown) AS shown,
  (SELECT count(*) FROM used) AS "of",
  (SELECT count(*) FROM shown WHERE model NOT IN (SELECT model FROM study)) AS filled,
  count(*) AS cohorts,
  count(*) FILTER (WHERE size < 5) AS small
FROM sizes
