-- Rows of an upload that name a row which is no longer as its report showed it: (id, whether another is in its place).
-- Reads supports_mend, supports_support. What is not listed takes the place of the row it names.
-- Another is in its place when it was edited, or when a row that named it too is still there; else it is gone.
-- Relies on mend_by_support, supports_mend's key and supports_support's key; 2 s for 500,000 rows.
SELECT mend.support_id,
       origin.id IS NOT NULL
       OR EXISTS (
           SELECT
             FROM supports_mend AS earlier
             JOIN supports_support AS holder ON holder.id = earlier.support_id
            WHERE earlier.origin_id = mend.origin_id
              AND earlier.support_id <> mend.support_id
              AND holder.submission_id = %(submission)s
       ) AS held
  FROM supports_mend AS mend
  LEFT JOIN supports_support AS origin
         ON origin.id = mend.origin_id AND origin.submission_id = %(submission)s
 WHERE mend.support_id >= %(first)s
   AND mend.support_id < %(last)s
   AND (origin.id IS NULL OR origin.revision <> mend.revision)
