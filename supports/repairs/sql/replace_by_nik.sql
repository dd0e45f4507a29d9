-- Who was sent again without the id of a row: of each NIK named, the first earlier row that may be mended (%(mended)s)
-- and that nothing replaces is replaced by the one row of the round that is no copy (%(copies)s) and names none.
-- Reads supports_support, supports_standing and supports_finding; writes repairs_replacement.
-- Relies on support_by_nik, supports_finding's key and row_is_replaced_once; 1 s per 20,000 NIKs.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT nik FROM unnest(%(niks)s::uuid[]) AS named (nik)
), origins AS MATERIALIZED (
    SELECT DISTINCT ON (support.nik) support.nik, support.id AS origin_id, support.submission_id AS origin_round
      FROM touched
      JOIN supports_support AS support ON support.nik = touched.nik
      JOIN supports_standing AS standing ON standing.support_id = support.id
     WHERE standing.submission_id = ANY(%(earlier)s)
       AND standing.vermin = ANY(%(mended)s)
       AND NOT EXISTS (SELECT
                         FROM repairs_replacement AS first
                        WHERE first.origin_id = support.id AND first.stands)
     ORDER BY support.nik, support.id
), free AS (
    SELECT DISTINCT ON (support.nik) origins.origin_id, origins.origin_round, support.id AS support_id
      FROM origins
      JOIN supports_support AS support ON support.nik = origins.nik AND support.submission_id = %(submission)s
     WHERE NOT EXISTS (SELECT
                         FROM repairs_replacement AS own
                        WHERE own.support_id = support.id)
       AND NOT EXISTS (SELECT
                         FROM supports_finding AS finding
                        WHERE finding.submission_id = %(submission)s
                          AND finding.code = ANY(%(copies)s)
                          AND finding.support_id = support.id)
     ORDER BY support.nik, support.id
)
INSERT INTO repairs_replacement (origin_id, support_id, submission_id, origin_round_id, named, stands)
SELECT origin_id, support_id, %(submission)s, origin_round, false, true FROM free ORDER BY origin_id
