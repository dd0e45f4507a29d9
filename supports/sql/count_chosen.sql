-- How many rows of a round are chosen by upload, area, finding, cleanness or ids (null: any), and how many are clean.
-- Reads supports_standing, supports_finding. Rows that somebody has decided are never chosen.
-- The preview of a move.
-- Relies on standing_by_area and supports_finding's key; 0.1 s for 300,000 rows.
SELECT count(*) AS rows, count(*) FILTER (WHERE clean) AS clean
  FROM supports_standing
 WHERE submission_id = %(submission)s
   AND vermin = 'unverified'
   AND support_id >= %(first)s
   AND support_id < %(last)s
   AND area BETWEEN %(area_from)s AND %(area_to)s
   AND (clean OR NOT %(clean)s)
   AND (%(ids)s::bigint[] IS NULL OR support_id = ANY(%(ids)s::bigint[]))
   AND (%(code)s::smallint IS NULL OR support_id IN (
           SELECT support_id
             FROM supports_finding
            WHERE submission_id = %(submission)s
              AND code = %(code)s::smallint
       ))
