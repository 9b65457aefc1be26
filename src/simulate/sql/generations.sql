-- The generations of a month. One row: one generation, in the lake's columns. Every draw is a hash of its number and the
-- seed, so that the same seed makes the same world whatever the order of work. Each hash is of one number: DuckDB's hash
-- of several joins theirs bit by bit, and draws that differ in a constant would depend on each other.
-- Reads sim_month_cells, sim_active, sim_crews and the small tables of the plan.
WITH numbered AS (
  SELECT * EXCLUDE (first, n), first + unnest(range(n)) AS i FROM sim_month_cells
),
dice AS (
  SELECT
    n.*,
    s.seed, s.skew, s.reasoning_part, s.rate, s.wrong, s.unsure,
    s.cached_discount, s.completion_price,
    n.day >= s.labels_from AS labelling,
    hash(xor(4 * i, s.salt)) AS h1, hash(xor(4 * i + 1, s.salt)) AS h2,
    hash(xor(4 * i + 2, s.salt)) AS h3, hash(xor(4 * i + 3, s.salt)) AS h4
  FROM numbered AS n, sim_settings AS s
),
-- Independent bits of the hashes, as numbers from 0 to under 1 or as slots of a list.
drawn AS (
  SELECT
    *,
    (h1 & 4294967295) / 4294967296.0 AS place,
    ((h1 >> 32) & 511)::SMALLINT AS continent_slot,
    ((h1 >> 41) & 63)::SMALLINT AS provider_slot,
    ((h1 >> 47) & 65535) / 65536.0 AS mood,
    ((h2 & 4294967295) + 1) / 4294967297.0 AS size,
    (h2 >> 32) / 4294967296.0 AS turn,
    (h3 & 1048575) / 1048576.0 AS clock,
    ((h3 >> 20) & 1048575) / 1048576.0 AS finish,
    ((h3 >> 40) & 4095) / 4096.0 AS offer,
    ((h3 >> 52) & 4095) / 4096.0 AS call,
    (h4 & 16777215) / 16777216.0 AS sample,
    ((h4 >> 24) & 1023)::SMALLINT AS path_slot,
    ((h4 >> 34) & 63)::SMALLINT AS wrong_slot,
    ((h4 >> 40) & 4095) / 4096.0 AS doubt,
    ((h4 >> 52) & 4095) / 4096.0 AS speed
  FROM dice
),
-- The first generations of a model's month, in a shuffled order, go to each of its accounts once; the others to an
-- account of a continent drawn by the week's weights, where some accounts carry more than others. Which ones these are
-- depends on the category: accounts have workloads of their own.
routed AS (
  SELECT
    d.*,
    ((d.i - d.base) * 1000003 + 17) % d.generations AS shuffled,
    w.first AS crew_first,
    w.n AS crew_n,
    (power(d.place, d.skew) + d.c * 0.37) % 1.0 AS position
  FROM drawn AS d
  JOIN sim_continents AS t ON t.week = d.week AND t.slot = d.continent_slot
  LEFT JOIN sim_crews AS w ON w.m = d.m AND w.continent = t.continent
),
ranked AS (
  SELECT
    *,
    CASE
      WHEN shuffled < crew THEN shuffled
      WHEN crew_n IS NULL THEN floor(position * crew)::BIGINT
      ELSE crew_first + floor(position * crew_n)::BIGINT
    END AS rank,
    -- Log-normal around the category's mean: two normal draws from two uniform ones.
    greatest(1, round(prompt_mean * exp(0.7 * sqrt(-2 * ln(size)) * cos(6.283185307179586 * turn) - 0.245)))::BIGINT AS prompt_tokens,
    greatest(1, round(completion_mean * exp(0.6 * sqrt(-2 * ln(size)) * sin(6.283185307179586 * turn) - 0.18)))::BIGINT AS completion_tokens,
    offer < offered AS tools_offered,
    offer < offered AND call < called AS tool_call,
    labelling AND sample < rate AS sampled,
    mood < free AND NOT burst AS is_free
  FROM routed
),
priced AS (
  SELECT
    *,
    round(prompt_tokens * cached)::BIGINT AS cached_tokens,
    round(price * (prompt_tokens - cached_discount * round(prompt_tokens * cached) + completion_price * completion_tokens), 9) AS list_cost,
    sampled AND doubt < wrong AS is_wrong,
    sampled AND doubt >= wrong AND doubt < wrong + unsure AS is_unsure
  FROM ranked
)
SELECT
  'sim-' || g.seed || '-' || g.i AS id,
  g.day + to_milliseconds(((0.6 * clock + 0.4 * turn) * 86399999)::BIGINT) AS created_at,
  1::BIGINT AS requests,
  CASE WHEN burst THEN left(md5('burst ' || seed), 16) ELSE a.name END AS account,
  CASE WHEN burst THEN 'Agent Runner' ELSE a.app END AS app,
  NULL::VARCHAR AS session,
  o.slug AS model,
  CASE WHEN is_free THEN 'free' END AS variant,
  p.provider,
  NULL::VARCHAR AS region,
  prompt_tokens,
  completion_tokens,
  prompt_tokens + completion_tokens AS total_tokens,
  CASE WHEN g.reasoning THEN round(completion_tokens * reasoning_part)::BIGINT ELSE 0 END AS reasoning_tokens,
  cached_tokens,
  NULL::BIGINT AS cache_write_tokens,
  CASE WHEN is_free THEN 0 WHEN a.byok AND NOT burst THEN round(list_cost * 0.05, 9) ELSE list_cost END AS "cost",
  CASE WHEN a.byok AND NOT burst AND NOT is_free THEN list_cost END AS upstream_cost,
  a.byok AND NOT burst AS byok,
  speed < 0.82 AS streamed,
  finish >= 0.98 AS cancelled,
  tools_offered,
  CASE
    WHEN tool_call THEN 'tool_calls'
    WHEN finish < 0.925 THEN 'stop'
    WHEN finish < 0.965 THEN 'length'
    WHEN finish < 0.968 THEN 'content_filter'
    WHEN finish < 0.98 THEN 'error'
    ELSE 'stop'
  END AS finish_reason,
  NULL::VARCHAR AS native_finish_reason,
  NULL::BOOLEAN AS tokens_estimated,
  CASE WHEN NOT tool_call AND finish >= 0.968 AND finish < 0.98 THEN 502 ELSE 200 END::BIGINT AS status,
  round(180 + 900 * speed * speed + prompt_tokens * 0.02) AS latency_ms,
  round(180 + 900 * speed * speed + prompt_tokens * 0.02 + completion_tokens * (6 + 20 * place)) AS duration_ms,
  CASE WHEN burst THEN 'US' ELSE a.country END AS country,
  CASE WHEN sampled THEN CASE WHEN burst THEN 'en' ELSE a.language END END AS "language",
  CASE WHEN sampled THEN
    CASE
      WHEN is_unsure AND speed < 0.5 THEN []::STRUCT(path VARCHAR, confidence DOUBLE)[]
      WHEN is_unsure THEN [{ 'path': h.path, 'confidence': round(0.2 + 0.29 * mood, 3) }]
      WHEN h.second IS NOT NULL THEN [
        { 'path': h.path, 'confidence': round(0.56 + 0.43 * mood, 3) },
        { 'path': h.second, 'confidence': round(0.5 + 0.05 * mood, 3) }
      ]
      ELSE [{ 'path': h.path, 'confidence': round(0.56 + 0.43 * mood, 3) }]
    END
  END AS labels,
  CASE WHEN sampled THEN 'simulated@1' END AS classifier,
  CASE WHEN sampled THEN rate END AS sample_rate,
  'simulate' AS source
FROM priced AS g
JOIN sim_active AS a ON a.m = g.m AND a.rank = g.rank
JOIN sim_models AS o ON o.m = g.m
JOIN sim_providers AS p ON p.m = g.m AND p.slot = g.provider_slot
LEFT JOIN sim_wrong AS x ON x.week = g.week AND x.mix = g.mix AND x.slot = CASE WHEN is_wrong THEN g.wrong_slot END
LEFT JOIN sim_paths AS h ON h.c = coalesce(x.c, g.c) AND h.slot = CASE WHEN sampled THEN g.path_slot END
