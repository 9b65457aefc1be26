-- The sample that the intervals rest on. One row: one labelled generation and the series that it counts in.
SELECT period, category AS series, account, sample_rate, weight, prompt_tokens AS amount, requests AS base
FROM labelled
WHERE category <> 'other' AND prompt_tokens IS NOT NULL AND requests > 0
