-- NIKs of the chosen rows of a round (count_chosen says which) that any other row of some rounds also has.
-- Reads supports_standing, supports_finding, supports_support.
-- Asked before rows move: these NIKs are judged anew where the rows were and where they come to.
-- Relies on standing_by_area, supports_support's key and support_by_nik; 2.5 s for 300,000 rows on a busy machine.
WITH chosen AS MATERIALIZED (
    SELECT support_id
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
), mine AS MATERIALIZED (
    SELECT support.nik, min(support.id) AS id, count(*) AS rows
      FROM chosen
      JOIN supports_support AS support ON support.id = chosen.support_id
     WHERE support.nik IS NOT NULL
     GROUP BY support.nik
)
SELECT mine.nik::text
  FROM mine
 WHERE mine.rows > 1
    OR EXISTS (
           SELECT
             FROM supports_support AS other
            WHERE other.nik = mine.nik
              AND other.submission_id = ANY(%(rounds)s)
              AND other.id <> mine.id
       )
