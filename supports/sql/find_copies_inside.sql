-- Marks the rows of one round that give a person already given in it: copies (identical) and other rows of one NIK.
-- Of each NIK one row stays unmarked: the first sound one, else the first. Looks only at NIKs that were touched:
-- those of the ids in [first, last) and those named. Run after forget_copies_inside, as often as you like.
-- Reads supports_support, supports_standing; writes supports_finding. Relies on support_by_nik; 2 s for 1.2 M rows.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT nik
      FROM supports_support
     WHERE id >= %(first)s AND id < %(last)s AND nik IS NOT NULL
     UNION
    SELECT unnest(%(niks)s::uuid[])
), repeated AS MATERIALIZED (
    SELECT support.nik
      FROM touched
      JOIN supports_support AS support ON support.nik = touched.nik AND support.submission_id = %(submission)s
     GROUP BY support.nik
    HAVING count(*) > 1
), ranked AS (
    SELECT support.id,
           first_value(support.id) OVER (PARTITION BY support.nik ORDER BY standing.sound DESC, support.id) AS kept,
           row_number() OVER (PARTITION BY support.nik, support.digest
                                  ORDER BY standing.sound DESC, support.id) AS copy
      FROM repeated
      JOIN supports_support AS support ON support.nik = repeated.nik AND support.submission_id = %(submission)s
      JOIN supports_standing AS standing ON standing.support_id = support.id
)
INSERT INTO supports_finding (submission_id, code, support_id)
SELECT %(submission)s, CASE WHEN copy > 1 THEN %(identical)s ELSE %(same_nik)s END, id
  FROM ranked
 WHERE id <> kept
 ORDER BY 2, 3
