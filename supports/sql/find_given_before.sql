-- Marks the rows of a round whose person was already given by the same pair in an earlier round; of the pool, in any.
-- Reads supports_support; writes supports_finding and supports_standing.
-- Looks only at the NIKs named; what is marked is clean no longer where the rule counts.
-- Relies on support_by_nik; 1 s per 20,000 NIKs.
WITH given AS MATERIALIZED (
    SELECT DISTINCT touched.nik
      FROM unnest(%(niks)s::uuid[]) AS touched (nik)
      JOIN supports_support AS support ON support.nik = touched.nik
     WHERE support.submission_id = ANY(%(earlier)s)
), marked AS (
    INSERT INTO supports_finding (submission_id, code, support_id)
    SELECT %(submission)s, %(code)s, support.id
      FROM given
      JOIN supports_support AS support ON support.nik = given.nik AND support.submission_id = %(submission)s
     ORDER BY 3
    RETURNING code, support_id
)
UPDATE supports_standing AS standing
   SET clean = false
  FROM marked
 WHERE standing.support_id = marked.support_id
   AND marked.code = ANY(%(blocking)s)
   AND standing.clean
