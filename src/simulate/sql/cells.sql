-- How many generations each model, category and day gets: the expected number, rounded so that every running total is
-- exact to one. One row: one model, category and day; `first` is the number of its first generation.
-- Reads sim_tokens, sim_mixes, sim_weeks, sim_burst, sim_settings.
CREATE OR REPLACE TEMP TABLE sim_cells AS
WITH expected AS (
  SELECT false AS burst, t.m, x.c, t.day, x.week, t.mix, t.tokens * x.share / (w.prompt_mean + w.completion_mean) AS expected
  FROM sim_tokens AS t
  JOIN sim_mixes AS x ON x.mix = t.mix AND x.week = date_trunc('week', t.day)
  JOIN sim_weeks AS w ON w.week = x.week AND w.c = x.c
  UNION ALL
  SELECT true, b.m, b.c, b.day, w.week, 0, b.tokens / (w.prompt_mean + w.completion_mean)
  FROM sim_burst AS b
  JOIN sim_weeks AS w ON w.week = date_trunc('week', b.day) AND w.c = b.c
),
running AS (
  SELECT
    *,
    date_trunc('month', day)::DATE AS month,
    sum(expected) OVER (ORDER BY date_trunc('month', day), burst, m, c, day ROWS UNBOUNDED PRECEDING) AS until,
    sum(expected) OVER () AS whole
  FROM expected
),
-- Scaled to the wanted number, so that rounding errors of the sum lose nobody.
rounded AS (
  SELECT
    month, burst, m, c, day, week, mix,
    round((until - expected) / whole * generations)::BIGINT AS first,
    round(until / whole * generations)::BIGINT AS next
  FROM running, sim_settings
)
SELECT month, burst, m, c, day, week, mix, first, next - first AS n
FROM rounded
WHERE next > first
