-- What the age rules look at, of the rows of one round whose ids lie in [first, last), and which of them spoke before.
-- Reads supports_support, supports_finding. Uuids and the blob come as text, to be opened in whole columns.
-- The blob only where the birth date stands in it: one that could not be read, or beside a NIK that could not.
-- Relies on supports_support's key and supports_finding's key; 60 ms for 25,000 rows.
WITH found AS MATERIALIZED (
    SELECT support_id, array_agg(code) AS codes
      FROM supports_finding
     WHERE submission_id = %(submission)s
       AND code = ANY(%(codes)s)
       AND support_id >= %(first)s
       AND support_id < %(last)s
     GROUP BY support_id
)
SELECT support.id,
       support.birth_date::text,
       support.marital,
       support.statement,
       CASE WHEN support.birth_date IS NULL THEN support.sealed::text END,
       found.codes
  FROM supports_support AS support
  LEFT JOIN found ON found.support_id = support.id
 WHERE support.id >= %(first)s
   AND support.id < %(last)s
   AND support.submission_id = %(submission)s
