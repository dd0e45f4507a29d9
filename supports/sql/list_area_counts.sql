-- The counts of some pairs per area that counts for the spread, over all their rounds; rows of no such area under 0.
-- Reads candidates_pair, candidates_electionarea, supports_submission, supports_areatally.
-- Every area of the election is there, with or without rows. A closed round counts its MS, another its clean rows.
-- Relies on the key of supports_areatally; 60 ms for 1,000 pairs of ten areas.
WITH counts AS (
    SELECT round.pair_id, coalesce(listed.code, 0) AS code,
           sum(tally.unverified) AS unverified, sum(tally.ms) AS ms, sum(tally.bms) AS bms, sum(tally.tms) AS tms,
           sum(CASE round.status WHEN 'closed' THEN tally.ms ELSE tally.clean END) AS counted
      FROM supports_submission AS round
      JOIN candidates_pair AS pair ON pair.id = round.pair_id
      JOIN supports_areatally AS tally ON tally.submission_id = round.id
      LEFT JOIN candidates_electionarea AS listed
        ON listed.election_id = pair.election_id AND listed.code = tally.code
     WHERE round.pair_id = ANY(%(pairs)s) AND round.kind = 'round'
     GROUP BY 1, 2
), areas AS (
    SELECT pair.id AS pair_id, area.code, area.name
      FROM candidates_pair AS pair
      JOIN candidates_electionarea AS area ON area.election_id = pair.election_id
     WHERE pair.id = ANY(%(pairs)s)
)
SELECT coalesce(areas.pair_id, counts.pair_id) AS pair_id, coalesce(areas.code, 0) AS code,
       coalesce(areas.name, '') AS name, coalesce(counts.ms, 0), coalesce(counts.bms, 0), coalesce(counts.tms, 0),
       coalesce(counts.unverified, 0), coalesce(counts.counted, 0)
  FROM areas
  FULL JOIN counts ON counts.pair_id = areas.pair_id AND counts.code = areas.code
 WHERE areas.pair_id IS NOT NULL OR counts.ms + counts.bms + counts.tms + counts.unverified > 0
 ORDER BY 1, areas.code NULLS LAST
