-- Writes down which new rows %(ids)s name which earlier rows %(origins)s, where such rows may be mended: %(mended)s.
-- Reads supports_standing; writes repairs_replacement. Of a row that another one replaces already the new one waits.
-- Returns the new rows whose earlier row was decided otherwise, or is of none of the rounds %(earlier)s.
-- Relies on supports_standing's key and row_is_replaced_once; 2 s for 500,000 rows.
WITH named AS MATERIALIZED (
    SELECT given.origin_id, given.support_id, origin.submission_id AS origin_round,
           coalesce(origin.vermin = ANY(%(mended)s), false) AS admitted
      FROM unnest(%(origins)s::bigint[], %(ids)s::bigint[]) AS given (origin_id, support_id)
      LEFT JOIN supports_standing AS origin
             ON origin.support_id = given.origin_id AND origin.submission_id = ANY(%(earlier)s)
), written AS (
    INSERT INTO repairs_replacement (origin_id, support_id, submission_id, origin_round_id, named, stands)
    SELECT named.origin_id, named.support_id, %(submission)s, named.origin_round, true,
           NOT EXISTS (SELECT
                         FROM repairs_replacement AS first
                        WHERE first.origin_id = named.origin_id AND first.stands)
      FROM named
     WHERE named.admitted
     ORDER BY named.origin_id
)
SELECT support_id FROM named WHERE NOT admitted
