-- Marks the touched rows of a round whose person was already given by the same pair in an earlier round.
-- Reads supports_support, supports_submission; writes supports_finding.
-- Touched are the NIKs of the ids in [first, last) and those named; the pool is no round.
-- Relies on support_by_nik; 1 s per 100,000 rows given before.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT nik
      FROM supports_support
     WHERE id >= %(first)s AND id < %(last)s AND nik IS NOT NULL
     UNION
    SELECT unnest(%(niks)s::uuid[])
), given AS MATERIALIZED (
    SELECT DISTINCT touched.nik
      FROM touched
      JOIN supports_support AS support ON support.nik = touched.nik
     WHERE support.submission_id = ANY(%(earlier)s)
)
INSERT INTO supports_finding (submission_id, code, support_id)
SELECT %(submission)s, %(code)s, support.id
  FROM given
  JOIN supports_support AS support ON support.nik = given.nik AND support.submission_id = %(submission)s
 ORDER BY 3
