-- Takes away what is written about rows of a round that are no longer in it.
-- Reads supports_standing, writes repairs_replacement.
-- What they replaced may be replaced again.
-- Relies on the index by round and supports_standing's key; 1 s for 500,000 rows.
DELETE FROM repairs_replacement AS replacement
 WHERE replacement.submission_id = %(submission)s
   AND NOT EXISTS (SELECT
                     FROM supports_standing AS standing
                    WHERE standing.support_id = replacement.support_id
                      AND standing.submission_id = %(submission)s)
