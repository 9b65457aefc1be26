-- The sample that the intervals rest on. One row: one labelled generation and the series that it counts in.
SELECT period, category AS series, account, sample_rate, weight, total_tokens AS amount
FROM labelled
WHERE source_group = 'open-chinese' AND category <> 'other'
