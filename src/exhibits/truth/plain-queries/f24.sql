-- Share of spend by continent of the billing country. BYOK is left out.
WITH spending AS (
  FROM selected
  WHERE continent IN (SELECT continent FROM selected WHERE paid > 0) AND period IN (SELECT period FROM selected WHERE paid > 0)
)
SELECT
  period,
  series,
  coalesce(sum(paid) FILTER (continent = series), 0) / nullif(sum(paid), 0) AS value,
  if(bool_or(continent = series), sum(requests) FILTER (continent = series), 0) AS requests,
  partial
FROM spending, (SELECT DISTINCT continent AS series FROM spending)
GROUP BY period, series, partial
ORDER BY period, series
