-- Corrects what is written about people given by several pairs, after rows went away or a pair withdrew.
-- Reads supports_support, supports_submission, candidates_pair, supports_pairmatch; deletes from supports_pairmatch.
-- What is left below two pairs goes; counts above stay true through match_pairs.
-- Relies on support_by_nik; 3 s for 1.2 M matches.
WITH round AS MATERIALIZED (
    SELECT submission.id, submission.pair_id
      FROM supports_submission AS submission
      JOIN candidates_pair AS pair ON pair.id = submission.pair_id
     WHERE pair.election_id = %(election)s AND pair.status <> 'withdrawn' AND submission.kind = 'round'
), given AS (
    SELECT match.nik
      FROM supports_pairmatch AS match
      JOIN supports_support AS support ON support.nik = match.nik
      JOIN round ON round.id = support.submission_id
     WHERE match.election_id = %(election)s
     GROUP BY match.nik
    HAVING count(DISTINCT round.pair_id) > 1
)
DELETE FROM supports_pairmatch AS match
 WHERE match.election_id = %(election)s
   AND NOT EXISTS (SELECT FROM given WHERE given.nik = match.nik)
