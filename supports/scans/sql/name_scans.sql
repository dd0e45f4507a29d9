-- Says of scans that have no row what a list says of their files: whose they are, where it does, and what they show.
-- Writes scans_scan (%(scans)s, each by its line %(names)s of %(pair)s); reads scans_manifestline.
-- Those that are cards by now and were not read as cards are to be read: written to scans_unreadscan.
-- Relies on the keys; 2 s for 100,000 scans.
WITH named AS (
    UPDATE scans_scan AS scan
       SET nik = CASE WHEN told.whose THEN line.nik ELSE scan.nik END,
           token = CASE WHEN told.whose THEN line.token ELSE scan.token END,
           named_id = CASE WHEN told.whose THEN line.support_id ELSE scan.named_id END,
           reason = CASE WHEN told.whose THEN '' ELSE scan.reason END,
           kind = coalesce(nullif(line.kind, ''), scan.kind)
      FROM unnest(%(scans)s::bigint[], %(names)s::uuid[]) AS given (id, name)
      JOIN scans_manifestline AS line ON line.pair_id = %(pair)s AND line.name = given.name
     CROSS JOIN LATERAL (SELECT line.nik IS NOT NULL OR line.support_id IS NOT NULL OR line.token <> '')
           AS told (whose)
     WHERE scan.id = given.id
       AND scan.pair_id = %(pair)s
       AND scan.support_id IS NULL
    RETURNING scan.id, scan.pair_id, scan.kind
)
INSERT INTO scans_unreadscan (scan_id, pair_id)
SELECT id, pair_id
  FROM named
 WHERE kind = 'ktp'
   AND NOT EXISTS (SELECT FROM scans_cardreading AS reading WHERE reading.scan_id = named.id)
    ON CONFLICT (scan_id) DO NOTHING
