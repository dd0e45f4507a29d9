-- Makes `clean` of the touched rows of a round what it should be: sound, and not marked as a duplicate that counts.
-- Reads supports_support, supports_finding; writes supports_standing (only rows that change).
-- Touched are the NIKs of the ids in [first, last) and those named.
-- Relies on support_by_nik and supports_finding's key; 1 s for 1.2 M rows of which few change.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT nik
      FROM supports_support
     WHERE id >= %(first)s AND id < %(last)s AND nik IS NOT NULL
     UNION
    SELECT unnest(%(niks)s::uuid[])
), marked AS MATERIALIZED (
    SELECT DISTINCT support_id
      FROM supports_finding
     WHERE submission_id = %(submission)s AND code = ANY(%(codes)s)
), wanted AS MATERIALIZED (
    SELECT standing.support_id, standing.sound AND marked.support_id IS NULL AS clean
      FROM supports_standing AS standing
      JOIN supports_support AS support ON support.id = standing.support_id
      LEFT JOIN marked ON marked.support_id = standing.support_id
     WHERE standing.submission_id = %(submission)s
       AND standing.clean IS DISTINCT FROM (standing.sound AND marked.support_id IS NULL)
       AND support.nik IN (SELECT nik FROM touched)
)
UPDATE supports_standing AS standing
   SET clean = wanted.clean
  FROM wanted
 WHERE standing.support_id = wanted.support_id
