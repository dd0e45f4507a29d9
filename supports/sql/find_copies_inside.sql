-- Marks the rows of one round that give a person already given in it: copies (identical) and other rows of one NIK.
-- Of each NIK one row stays unmarked: the first sound one, else the first. Looks only at the NIKs named, and what is
-- marked by a rule that counts is clean no longer. Run after forget_copies, as often as you like.
-- Reads supports_support, writes supports_finding and supports_standing. Relies on support_by_nik; 1 s for 20,000 NIKs.
WITH repeated AS MATERIALIZED (
    SELECT support.nik
      FROM unnest(%(niks)s::uuid[]) AS touched (nik)
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
), marked AS (
    INSERT INTO supports_finding (submission_id, code, support_id)
    SELECT %(submission)s, CASE WHEN copy > 1 THEN %(identical)s ELSE %(same_nik)s END, id
      FROM ranked
     WHERE id <> kept
     ORDER BY 2, 3
    RETURNING code, support_id
)
UPDATE supports_standing AS standing
   SET clean = false
  FROM marked
 WHERE standing.support_id = marked.support_id
   AND marked.code = ANY(%(blocking)s)
   AND standing.clean
