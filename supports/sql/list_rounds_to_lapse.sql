-- Rounds that were not handed in and cannot be any more: their windows have ended, and no ruling waits to be opened.
-- Reads and locks supports_submission; a round that somebody is just filling or handing in is left for the next time.
-- Where handing in was never scheduled nothing has ended; files that came in time are loaded first.
-- One that was verified before goes back to its verification instead (list_rounds_to_resume). Under 20 ms for 545 elections.
SELECT submission.id
  FROM supports_submission AS submission
  JOIN candidates_pair AS pair ON pair.id = submission.pair_id
 WHERE submission.kind = 'round'
   AND submission.status IN ('draft', 'returned')
   AND EXISTS (SELECT
                 FROM candidates_window AS due
                WHERE due.election_id = pair.election_id
                  AND due.stage = submission.stage
                  AND due.kind = 'handing_in'
                  AND (due.pair_id IS NULL OR due.pair_id = pair.id))
   AND NOT EXISTS (SELECT FROM verification_review AS review WHERE review.submission_id = submission.id)
   AND NOT EXISTS (SELECT
                     FROM candidates_window AS more
                    WHERE more.election_id = pair.election_id
                      AND more.stage = submission.stage
                      AND (more.pair_id IS NULL OR more.pair_id = pair.id)
                      AND more.closes_at > clock_timestamp())
   AND NOT EXISTS (SELECT
                     FROM candidates_ruling AS ruling
                    WHERE ruling.pair_id = pair.id
                      AND ruling.stage = submission.stage
                      AND ruling.withdrawn_at IS NULL
                      AND NOT EXISTS (SELECT FROM candidates_window AS opened WHERE opened.ruling_id = ruling.id))
   AND NOT EXISTS (SELECT
                     FROM supports_handin AS asked
                    WHERE asked.submission_id = submission.id AND asked.ended_at IS NULL)
   AND NOT EXISTS (SELECT
                     FROM supports_upload AS upload
                    WHERE upload.submission_id = submission.id AND upload.status = 'received')
 ORDER BY submission.id
   FOR UPDATE OF submission SKIP LOCKED
