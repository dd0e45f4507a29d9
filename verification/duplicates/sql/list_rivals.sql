-- Which of some undecided rows of one round have another row of the same person in the pair's rounds.
-- Reads supports_support beside the standings, for the rows of groups alone once the groups are found (duplicates 0002).
-- Relies on member_by_support, supports_support's key and support_by_nik.
-- 0.2 ms for one row, 10 ms for 5,000 of which 500 are in groups.
SELECT mine.id
  FROM unnest(duplicates_doubtful(%(submission)s, %(ids)s::bigint[])) AS doubtful (id)
  JOIN supports_support AS mine ON mine.id = doubtful.id
  JOIN supports_standing AS standing ON standing.support_id = mine.id AND standing.vermin = 'unverified'
 WHERE EXISTS (SELECT
                 FROM supports_support AS other
                 JOIN supports_submission AS round ON round.id = other.submission_id
                WHERE other.nik = mine.nik
                  AND other.id <> mine.id
                  AND round.pair_id = %(pair)s
                  AND round.kind = 'round')
