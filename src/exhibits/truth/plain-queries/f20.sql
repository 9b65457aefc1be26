-- Share of programming spend by author: the 8 with the most, and the others together. BYOK is left out.
WITH programming AS (
  FROM sample WHERE category = 'programming' AND paid IS NOT NULL
),
spending AS (
  SELECT author, sum(paid * weight) AS spend FROM programming GROUP BY author HAVING spend > 0
),
top AS (
  SELECT author FROM spending ORDER BY spend DESC, author LIMIT 8
),
named AS (
  SELECT *, if(author IN (FROM top), author, 'other') AS name FROM programming WHERE author IN (SELECT author FROM spending)
)
SELECT
  period,
  series,
  coalesce(sum(paid * weight) FILTER (name = series), 0) / nullif(sum(paid * weight), 0) AS value,
  count(*) FILTER (name = series) AS requests,
  partial
FROM named, (SELECT DISTINCT name AS series FROM named)
GROUP BY period, series, partial
ORDER BY period, series
