-- How many findings of the rules that teams see some pairs have, in all their rounds together.
-- Reads supports_submission, supports_tally.
-- Findings are counted for a whole round, under area 0 and the number of their rule.
-- Relies on the key of supports_tally: one range of it for each round.
SELECT round.pair_id, sum(tally.n)::bigint
  FROM supports_submission AS round
  JOIN supports_tally AS tally ON tally.submission_id = round.id AND tally.area = 0
 WHERE round.pair_id = ANY(%(pairs)s) AND round.kind = 'round' AND tally.key = ANY(%(rules)s)
 GROUP BY 1
