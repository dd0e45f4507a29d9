-- Marks the rows of a repair round whose person an earlier round of the pair decided otherwise than %(mended)s: given
-- before (%(code)s) where one row was not TMS, else TMS before (%(failed)s). Who has a row that may be mended is free.
-- Reads supports_support; writes supports_finding and supports_standing. Looks only at the NIKs named.
-- Relies on support_by_nik and supports_standing's key; 1 s per 20,000 NIKs.
WITH given AS MATERIALIZED (
    SELECT touched.nik,
           bool_or(standing.vermin NOT IN ('BMS', 'TMS')) AS counted,
           bool_or(standing.vermin = ANY(%(mended)s)) AS mends,
           bool_or(standing.vermin = 'BMS') AS asked
      FROM (SELECT DISTINCT nik FROM unnest(%(niks)s::uuid[]) AS named (nik)) AS touched
      JOIN supports_support AS support ON support.nik = touched.nik
      JOIN supports_standing AS standing ON standing.support_id = support.id
     WHERE standing.submission_id = ANY(%(earlier)s)
     GROUP BY touched.nik
), marked AS (
    INSERT INTO supports_finding (submission_id, code, support_id)
    SELECT %(submission)s, CASE WHEN given.counted OR given.asked THEN %(code)s ELSE %(failed)s END, support.id
      FROM given
      JOIN supports_support AS support ON support.nik = given.nik AND support.submission_id = %(submission)s
     WHERE given.counted OR NOT given.mends
     ORDER BY 2, 3
    RETURNING code, support_id
)
UPDATE supports_standing AS standing
   SET clean = false
  FROM marked
 WHERE standing.support_id = marked.support_id
   AND marked.code = ANY(%(blocking)s)
   AND standing.clean
