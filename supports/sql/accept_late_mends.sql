-- Rows that came too late for the row they name, while what was in its place has just gone with the ids [first, last):
-- of those of one id the first is no longer marked (%(code)s), and clean when nothing else of %(blocking)s is found.
-- Reads supports_support; writes supports_finding and supports_standing. Returns the NIKs, to be judged again.
-- Relies on supports_mend's key and mend_by_support; 2 s for 500,000 rows.
WITH named AS MATERIALIZED (
    SELECT origin_id FROM supports_mend WHERE support_id >= %(first)s AND support_id < %(last)s
     UNION
    SELECT origin_id FROM supports_mend WHERE origin_id >= %(first)s AND origin_id < %(last)s
), waiting AS (
    SELECT mend.origin_id, mend.support_id, finding.support_id IS NOT NULL AS marked
      FROM named
      JOIN supports_mend AS mend ON mend.origin_id = named.origin_id
      JOIN supports_support AS support
        ON support.id = mend.support_id AND support.submission_id = %(submission)s
      LEFT JOIN supports_finding AS finding
             ON finding.submission_id = %(submission)s
            AND finding.code = %(code)s
            AND finding.support_id = mend.support_id
     WHERE NOT EXISTS (SELECT FROM supports_support AS origin WHERE origin.id = mend.origin_id)
), foremost AS (
    SELECT DISTINCT ON (origin_id) support_id, marked FROM waiting ORDER BY origin_id, marked, support_id
), accepted AS (
    DELETE FROM supports_finding AS finding
     USING foremost
     WHERE foremost.marked
       AND finding.submission_id = %(submission)s
       AND finding.code = %(code)s
       AND finding.support_id = foremost.support_id
    RETURNING finding.support_id
)
UPDATE supports_standing AS standing
   SET sound = true, clean = true
  FROM accepted
  JOIN supports_support AS support ON support.id = accepted.support_id
 WHERE standing.support_id = accepted.support_id
   AND NOT EXISTS (
           SELECT
             FROM supports_finding AS other
            WHERE other.submission_id = %(submission)s
              AND other.code = ANY(%(blocking)s)
              AND other.support_id = accepted.support_id
       )
RETURNING support.nik::text
