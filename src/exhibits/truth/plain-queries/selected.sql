-- What the queries read, under one selection:
-- `span`: the time that data and selection cover, from whole day to whole day (of data by the hour, in hours for days);
-- `calendar`: its periods, partial where it does not cover them;
-- `history`: the records that the filters leave, of all time;
-- `selected`: those of them in the days chosen, with their period; `sample`: those of them with labels.
CREATE OR REPLACE TEMP TABLE span AS
SELECT
  greatest(date_trunc(unit, min(created_at)), $from) AS starts,
  least(date_trunc(unit, max(created_at)) + to_hours(if(unit = 'hour', 1, 24)), $to + INTERVAL 1 DAY) AS ends,
  $grain AS grain,
  to_months(if(grain = 'month', 1, 0)) + to_days(CASE grain WHEN 'week' THEN 7 WHEN 'day' THEN 1 ELSE 0 END) AS step
FROM records, (SELECT if($grain = 'day' AND bool_or(created_at <> created_at::DATE), 'hour', 'day') AS unit FROM records)
GROUP BY unit;

CREATE OR REPLACE TEMP TABLE calendar AS
SELECT period::DATE AS period, period < starts OR period + step > ends AS partial
FROM (SELECT *, unnest(range(date_trunc(grain, starts)::TIMESTAMP, ends, step)) AS period FROM span);

CREATE OR REPLACE TEMP TABLE history AS
FROM known WHERE $where;

CREATE OR REPLACE TEMP TABLE selected AS
SELECT calendar.*, history.*
FROM history, span
JOIN calendar ON period = date_trunc(grain, created_at)
WHERE created_at::DATE >= coalesce($from, created_at::DATE) AND created_at::DATE <= coalesce($to, created_at::DATE);

-- The sample may begin within a period: then that is not whole.
CREATE OR REPLACE TEMP TABLE sample AS
SELECT * REPLACE (partial OR period < (SELECT min(created_at)::DATE FROM records WHERE labels IS NOT NULL) AS partial)
FROM selected
WHERE category IS NOT NULL;
