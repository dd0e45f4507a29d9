-- Corrects what is written about people given by several pairs, after rows went away or a pair withdrew.
-- Reads supports_support; writes supports_pairmatch.
-- %(rounds)s are the rounds of the pairs that still stand, %(pairs)s the pair of each. What is below two pairs goes.
-- Relies on support_by_nik; 5 s for 1.2 M matches.
WITH round AS MATERIALIZED (
    SELECT id, pair_id FROM unnest(%(rounds)s::bigint[], %(pairs)s::bigint[]) AS round (id, pair_id)
), given AS (
    SELECT match.nik, round.pair_id
      FROM supports_pairmatch AS match
      JOIN supports_support AS support ON support.nik = match.nik AND support.submission_id = ANY(%(rounds)s)
      JOIN round ON round.id = support.submission_id
     WHERE match.election_id = %(election)s
     GROUP BY match.nik, round.pair_id
), counted AS MATERIALIZED (
    SELECT nik, count(*) AS pairs FROM given GROUP BY nik HAVING count(*) > 1
), corrected AS (
    UPDATE supports_pairmatch AS match
       SET pairs = counted.pairs
      FROM counted
     WHERE match.election_id = %(election)s
       AND match.nik = counted.nik
       AND match.pairs <> counted.pairs
)
DELETE FROM supports_pairmatch AS match
 WHERE match.election_id = %(election)s
   AND NOT EXISTS (SELECT FROM counted WHERE counted.nik = match.nik)
