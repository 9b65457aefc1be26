-- `known`: every record with what is known of it. Reads the raw `records`, and of what is not in them `facts` (of each
-- slug's model), `continents` (of each country) and `categories` (of the paths of two labels).
-- A label below 0.5 does not count; the most confident one places the record, of equal ones the first by name; without one,
-- and where the roll-up does not have it, it is other. NULL: not in the labelled sample.
CREATE OR REPLACE TEMP TABLE known AS
WITH sure AS (
  SELECT id, list(label.path ORDER BY label.confidence DESC, label.path) AS paths
  FROM (SELECT id, unnest(labels) AS label FROM records)
  WHERE label.confidence >= 0.5
  GROUP BY id
),
accounts AS (
  SELECT account, sum(total_tokens) AS tokens FROM records GROUP BY account
)
SELECT
  records.* EXCLUDE model,
  facts.* EXCLUDE slug,
  CASE
    WHEN openness = 'closed' THEN 'closed'
    WHEN openness = 'open' AND origin = 'chinese' THEN 'open-chinese'
    WHEN openness = 'open' AND origin = 'row' THEN 'open-row'
    ELSE 'unknown'
  END AS source_group,
  coalesce(continent, 'unknown') AS continent,
  CASE
    WHEN account IS NULL THEN 'unknown'
    WHEN 1000 * tokens >= (SELECT sum(total_tokens) FROM records) THEN 'large'
    ELSE 'regular'
  END AS account_class,
  if(labels IS NULL, NULL, coalesce(category, 'other')) AS category,
  if(labels IS NULL, NULL, coalesce(tag, 'other')) AS tag,
  -- How many generations one of the sample stands for.
  1 / coalesce(sample_rate, 1) AS weight,
  -- What was paid, and not on a key of the user; NULL where nobody knows.
  if(byok IS DISTINCT FROM true, "cost", NULL) AS paid
FROM records
JOIN facts ON facts.slug = records.model
LEFT JOIN continents USING (country)
LEFT JOIN accounts USING (account)
LEFT JOIN sure USING (id)
LEFT JOIN categories ON categories.path = paths[1] AND categories.second_path IS NOT DISTINCT FROM paths[2];
