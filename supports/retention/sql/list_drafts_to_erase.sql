-- Rounds and pools that were never handed in, each with the moment from which they are erased: those due before %(due_by)s.
-- Reads supports_submission and what says that it can no more be handed in: windows, rulings, holds. All of a pair
-- (%(pair)s), or of everybody (null). It runs from the end of the last window that the pair had; while the pair stands
-- and its round has not lapsed, from the voting day at the earliest. Relies on primary keys; 50 ms for 545 elections.
SELECT submission.id, due.at
  FROM supports_submission AS submission
  JOIN candidates_pair AS pair ON pair.id = submission.pair_id
  JOIN candidates_election AS election ON election.id = pair.election_id
 CROSS JOIN LATERAL (
        SELECT max(closing.closes_at) AS closes_at
          FROM candidates_window AS closing
         WHERE closing.election_id = election.id
           AND (closing.pair_id IS NULL OR closing.pair_id = pair.id)
           AND (closing.stage = submission.stage OR submission.kind = 'pool')
       ) AS last
 CROSS JOIN LATERAL (
        SELECT CASE WHEN last.closes_at IS NOT NULL
                     AND (submission.status = 'lapsed' OR pair.status IN ('withdrawn', 'failed'))
                    THEN last.closes_at
                    ELSE greatest(last.closes_at, election.voting_day::timestamp AT TIME ZONE election.zone)
               END + make_interval(days => %(days)s) AS at
       ) AS due
 WHERE submission.status IN ('draft', 'lapsed')
   AND NOT election.practice
   AND (%(pair)s::bigint IS NULL OR pair.id = %(pair)s)
   AND due.at <= %(due_by)s
   AND EXISTS (SELECT
                 FROM supports_upload AS upload
                WHERE upload.submission_id = submission.id
                  AND (upload.status <> 'discarded' OR upload.file_id IS NOT NULL))
   AND NOT EXISTS (SELECT
                     FROM supports_handin AS asked
                    WHERE asked.submission_id = submission.id AND (asked.ended_at IS NULL OR asked.error_code = ''))
   AND NOT EXISTS (SELECT
                     FROM candidates_ruling AS ruling
                    WHERE ruling.pair_id = pair.id
                      AND ruling.withdrawn_at IS NULL
                      AND NOT EXISTS (SELECT FROM candidates_window AS opened WHERE opened.ruling_id = ruling.id))
   AND NOT EXISTS (SELECT
                     FROM retention_legalhold AS hold
                    WHERE hold.election_id = election.id AND hold.second_lifted_at IS NULL)
 ORDER BY submission.id
