-- What the exhibit rests on. labelled: generations.
SELECT count(*) AS labelled
FROM labelled
WHERE requests > 0 AND prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL
