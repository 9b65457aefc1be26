-- The sample that the intervals rest on. One row: one labelled generation and the series that it counts in.
SELECT period, CASE WHEN category = 'programming' THEN category ELSE 'rest' END AS series, account, sample_rate, weight, total_tokens AS amount
FROM labelled
WHERE category <> 'other'
