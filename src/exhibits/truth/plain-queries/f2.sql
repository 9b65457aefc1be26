-- Tokens by {closed, Chinese open, other open}, and of what nobody knows.
SELECT
  period,
  series,
  coalesce(sum(total_tokens) FILTER (source_group = series), 0) AS value,
  if(bool_or(source_group = series), sum(requests) FILTER (source_group = series), 0) AS requests,
  partial
FROM selected, (SELECT DISTINCT source_group AS series FROM selected)
GROUP BY period, series, partial
ORDER BY period, series
