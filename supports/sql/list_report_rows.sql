-- The rows of some rounds whose ids lie in [first, last), each with the numbers of its findings among %(codes)s.
-- Reads supports_support, supports_finding. Without %(everything)s only the rows that have one.
-- Uuids and the sealed blob come as text, to be opened in whole columns.
-- Relies on supports_support's key and supports_finding's key; 60 ms for 10,000 rows.
WITH found AS MATERIALIZED (
    SELECT support_id, string_agg(code::text, ' ' ORDER BY code) AS codes
      FROM supports_finding
     WHERE submission_id = ANY(%(submissions)s)
       AND code = ANY(%(codes)s)
       AND support_id >= %(first)s
       AND support_id < %(last)s
     GROUP BY support_id
)
SELECT support.id,
       found.codes,
       support.nik::text,
       support.birth_date::text,
       support.phone::text,
       support.name,
       support.sex,
       support.marital,
       support.village,
       support.district,
       support.regency,
       support.occupation,
       support.document,
       support.statement,
       support.sheet,
       support.ref,
       support.sealed::text,
       support.revision,
       support.submission_id
  FROM supports_support AS support
  LEFT JOIN found ON found.support_id = support.id
 WHERE support.id >= %(first)s
   AND support.id < %(last)s
   AND support.submission_id = ANY(%(submissions)s)
   AND (found.support_id IS NOT NULL OR %(everything)s)
 ORDER BY support.id
