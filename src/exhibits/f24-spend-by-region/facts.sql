-- unpriced_share: tokens whose cost nobody states or which ran on a key of the user. unplaced_share: spend whose
-- billing country nobody states.
SELECT
  coalesce(1 - coalesce(sum(paid_tokens), 0) / nullif(sum(total_tokens), 0), 0) AS unpriced_share,
  coalesce(sum(paid_cost) FILTER (WHERE continent = 'unknown') / nullif(sum(paid_cost), 0), 0) AS unplaced_share
FROM places
