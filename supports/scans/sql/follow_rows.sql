-- Lets scans follow their rows: a mended row has another id, and a row that is gone has no scans any more.
-- Writes scans_scan of one pair; reads supports_mend and supports_support. Can always be run again.
-- Only rows that are gone are looked at: a round that was handed in loses none, so its scans stay.
-- Relies on the keys of scans_scan and supports_support; 4 s for a million scans.
WITH gone AS MATERIALIZED (
    SELECT scan.id, scan.support_id
      FROM scans_scan AS scan
     WHERE scan.pair_id = %(pair)s
       AND scan.support_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM supports_support AS support WHERE support.id = scan.support_id)
), followed AS (
    SELECT gone.id, min(mend.support_id) AS support_id
      FROM gone
      LEFT JOIN supports_mend AS mend
        ON mend.origin_id = gone.support_id
       AND EXISTS (SELECT FROM supports_support AS support WHERE support.id = mend.support_id)
     GROUP BY gone.id
)
UPDATE scans_scan AS scan
   SET support_id = followed.support_id,
       found_by = CASE WHEN followed.support_id IS NULL THEN '' ELSE scan.found_by END,
       placed_at = CASE WHEN followed.support_id IS NOT NULL THEN scan.placed_at END,
       reason = CASE WHEN followed.support_id IS NULL THEN 'row_gone' ELSE '' END
  FROM followed
 WHERE scan.id = followed.id
RETURNING scan.id
