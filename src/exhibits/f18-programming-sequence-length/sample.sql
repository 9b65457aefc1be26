-- The sample that the intervals rest on. One row: one labelled generation and the series that it counts in.
SELECT period, kind AS series, account, sample_rate, weight, total_tokens AS amount, requests AS base
FROM labelled
JOIN (VALUES ('programming'), ('overall')) AS k(kind) ON kind = 'overall' OR category = kind
WHERE requests > 0 AND prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL
