-- Where each continent's accounts stand in a model's numbering of the month. One row: one model and continent.
CREATE OR REPLACE TEMP TABLE sim_crews AS
SELECT m, continent, min(rank) AS first, count(*) AS n FROM sim_active GROUP BY m, continent
