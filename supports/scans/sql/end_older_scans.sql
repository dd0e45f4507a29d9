-- Ends what newer scans take the place of: of a row, an older batch's of the same kind, and the same content again.
-- Reads and writes scans_scan. %(supports)s are the rows that have just been given scans.
-- Scans of one batch stand beside each other: they are the pages of one document.
-- Relies on scan_of_support; 1 s for 100,000 rows.
WITH held AS MATERIALIZED (
    SELECT id, batch_id, support_id, kind, digest
      FROM scans_scan
     WHERE support_id = ANY(%(supports)s::bigint[])
       AND ended_at IS NULL
), same AS (
    SELECT id
      FROM (SELECT id, row_number() OVER (PARTITION BY support_id, digest ORDER BY id) AS place FROM held) AS each
     WHERE place > 1
), older AS (
    SELECT held.id
      FROM held
      JOIN (SELECT support_id, kind, max(batch_id) AS batch_id
              FROM held
             WHERE id NOT IN (SELECT id FROM same)
             GROUP BY support_id, kind) AS newest
        ON newest.support_id = held.support_id AND newest.kind = held.kind
     WHERE held.batch_id < newest.batch_id
)
UPDATE scans_scan
   SET ended_at = now()
 WHERE id IN (SELECT id FROM same UNION SELECT id FROM older)
