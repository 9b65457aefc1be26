-- Who is at work with which model in the month. One row: one account and model, numbered within the model, accounts of
-- one continent together. Those who fit stay; those who return are away and come back; the others leave sooner or later.
-- Reads sim_month, sim_cohorts, sim_models, sim_accounts, sim_cells, sim_settings.
CREATE OR REPLACE TEMP TABLE sim_active AS
WITH members AS (
  SELECT
    c.m, c.fits, c.returns, c.away, c.lingers,
    datediff('month', c.month, k.month) AS age,
    c.first + unnest(range(c.accounts)) AS number
  FROM sim_cohorts AS c
  CROSS JOIN sim_month AS k
  WHERE c.month <= k.month
),
people AS (
  SELECT
    p.*,
    ((p.number * o.stride + o.shift) % s.accounts)::INTEGER AS account,
    hash(xor(p.number * 1000 + p.m, s.salt)) AS h,
    s.faithful,
    (hash(xor((p.number * 1000 + p.m) * 1000 + p.age, s.salt + 1)) & 16777215) / 16777216.0 AS luck
  FROM members AS p
  JOIN sim_models AS o ON o.m = p.m
  CROSS JOIN sim_settings AS s
),
drawn AS (
  SELECT *, (h & 16777215) / 16777216.0 AS kind, ((h >> 24) & 16777215) / 16777216.0 AS stamina
  FROM people
),
present AS (
  SELECT
    m, account, number,
    age = 0 OR CASE
      WHEN kind < fits THEN luck < faithful
      WHEN kind < fits + returns THEN age >= away AND luck < faithful
      ELSE stamina < power(lingers, age)
    END AS here
  FROM drawn
),
-- A model with traffic is used by somebody: by its first account, if nobody else is there.
busy AS (SELECT DISTINCT c.m FROM sim_cells AS c, sim_month AS k WHERE c.month = k.month AND NOT c.burst),
chosen AS (
  SELECT m, account FROM present WHERE here
  UNION ALL
  SELECT p.m, p.account
  FROM present AS p
  WHERE p.number = 0 AND p.m IN (FROM busy) AND p.m NOT IN (SELECT m FROM present WHERE here)
)
SELECT
  c.m, c.account, a.name, a.continent, a.country, a.language, a.app, a.byok,
  row_number() OVER (PARTITION BY c.m ORDER BY a.continent, hash(xor(c.account::BIGINT * 1000 + c.m, s.salt + 2)), c.account) - 1 AS rank
FROM chosen AS c
JOIN sim_accounts AS a ON a.account = c.account
CROSS JOIN sim_settings AS s
