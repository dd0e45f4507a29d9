-- Rows that name an earlier row whose replacement has gone: of those of one row the first takes its place, is no longer
-- marked (%(code)s), and is clean when nothing else of %(blocking)s is found. Returns their NIKs, to be judged again.
-- Reads supports_support; writes repairs_replacement, supports_finding and supports_standing.
-- Relies on the index by round and row_is_replaced_once; 1 s for 100,000 rows that wait.
WITH foremost AS MATERIALIZED (
    SELECT DISTINCT ON (waiting.origin_id) waiting.origin_id, waiting.support_id
      FROM repairs_replacement AS waiting
     WHERE waiting.submission_id = %(submission)s
       AND NOT waiting.stands
       AND NOT EXISTS (SELECT
                         FROM repairs_replacement AS first
                        WHERE first.origin_id = waiting.origin_id AND first.stands)
     ORDER BY waiting.origin_id, waiting.support_id
), accepted AS (
    UPDATE repairs_replacement AS replacement
       SET stands = true
      FROM foremost
     WHERE replacement.support_id = foremost.support_id
    RETURNING replacement.support_id
), unmarked AS (
    DELETE FROM supports_finding AS finding
     USING accepted
     WHERE finding.submission_id = %(submission)s
       AND finding.code = %(code)s
       AND finding.support_id = accepted.support_id
), restated AS (
    UPDATE supports_standing AS standing
       SET sound = true, clean = true
      FROM accepted
     WHERE standing.support_id = accepted.support_id
       AND NOT EXISTS (SELECT
                         FROM supports_finding AS other
                        WHERE other.submission_id = %(submission)s
                          AND other.code = ANY(%(blocking)s)
                          AND other.support_id = accepted.support_id)
)
SELECT support.nik::text
  FROM accepted
  JOIN supports_support AS support ON support.id = accepted.support_id
 WHERE support.nik IS NOT NULL
