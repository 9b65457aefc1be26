-- What the exhibit rests on. labelled: generations.
SELECT count(*) AS labelled
FROM labelled
WHERE requests > 0
