-- Who stays with a model: accounts by the month in which they first used it, and how many of them are active later.
-- One row: one model, one cohort (its month) and one age in months. value: fraction of the accounts of the cohort that used
-- the model in that month, also after a pause; NULL where no record of that month states an account. The models of the study
-- come first, then the most used, eight in all.
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
)
SELECT c.model, c.cohort, c.age, c.accounts, c.accounts / nullif(c.size, 0) AS value
FROM curves AS c
JOIN shown AS s ON s.model = c.model
ORDER BY s.rank, c.cohort, c.age
