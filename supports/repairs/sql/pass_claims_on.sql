-- Hands what rows of the round were sent for to the rows of one upload that take their place, by supports_mend.
-- Reads supports_mend and supports_support, writes repairs_replacement.
-- Run before the rows go.
-- Relies on mend_by_support, row_replaces_one and supports_support's key; 2 s for 500,000 rows.
UPDATE repairs_replacement AS replacement
   SET support_id = newer.support_id
  FROM supports_mend AS newer
  JOIN supports_support AS origin
    ON origin.id = newer.origin_id
   AND origin.revision = newer.revision
   AND origin.submission_id = %(submission)s
 WHERE newer.support_id >= %(first)s
   AND newer.support_id < %(last)s
   AND replacement.support_id = newer.origin_id
