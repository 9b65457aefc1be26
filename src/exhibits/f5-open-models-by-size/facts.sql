-- unknown_openness_share: part of all tokens whose model may be open or closed, left out above.
SELECT coalesce(sum(total_tokens) FILTER (WHERE openness = 'unknown') / nullif(sum(total_tokens), 0), 0) AS unknown_openness_share
FROM traffic
