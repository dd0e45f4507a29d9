-- Says of rows what was read on the scans of their cards: another NIK, or none; takes back what no longer holds.
-- Writes supports_finding; reads the rows %(supports)s, their scans and scans_cardreading. Can always be run again.
-- One scan with the row's own NIK is enough (a card has a back); a row without a NIK differs from none.
-- Relies on scan_of_support and the keys of the others; 1 s for 100,000 rows.
WITH asked AS MATERIALIZED (
    SELECT support.id AS support_id, support.nik, standing.submission_id
      FROM supports_support AS support
      JOIN supports_standing AS standing ON standing.support_id = support.id
      JOIN supports_submission AS submission ON submission.id = standing.submission_id
     WHERE support.id = ANY(%(supports)s::bigint[])
       AND submission.status NOT IN ('closed', 'lapsed')
), seen AS (
    SELECT asked.submission_id,
           asked.support_id,
           bool_or(reading.nik = asked.nik) AS same,
           bool_or(reading.nik <> asked.nik) AS other,
           bool_and(reading.scan_id IS NOT NULL AND reading.nik IS NULL) AS illegible
      FROM asked
      JOIN scans_scan AS scan ON scan.support_id = asked.support_id AND scan.ended_at IS NULL AND scan.kind = 'ktp'
      LEFT JOIN scans_cardreading AS reading ON reading.scan_id = scan.id
     GROUP BY asked.submission_id, asked.support_id
), said AS MATERIALIZED (
    SELECT submission_id, %(mismatch)s AS code, support_id FROM seen WHERE other AND same IS NOT TRUE
     UNION ALL
    SELECT submission_id, %(unreadable)s AS code, support_id FROM seen WHERE illegible
), taken_back AS (
    DELETE FROM supports_finding AS finding
     USING asked
     WHERE finding.submission_id = asked.submission_id
       AND finding.support_id = asked.support_id
       AND finding.code IN (%(mismatch)s, %(unreadable)s)
       AND NOT EXISTS (SELECT FROM said WHERE said.code = finding.code AND said.support_id = finding.support_id)
)
INSERT INTO supports_finding (submission_id, code, support_id)
SELECT submission_id, code, support_id
  FROM said
 WHERE NOT EXISTS (SELECT
                     FROM supports_finding AS finding
                    WHERE finding.submission_id = said.submission_id
                      AND finding.code = said.code
                      AND finding.support_id = said.support_id)
 ORDER BY submission_id, code, support_id
