-- Deals the rows of a round that wait for a decision and that nobody holds to people, as evenly as they can be.
-- Writes verification_work. By area each gets neighbouring rows, at random each an even sample; %(seed)s mixes them.
-- Relies on standing_by_area; a deal that came a moment earlier makes the key of verification_work refuse this one.
-- 4 s for 840,640 rows and 480 people on a busy machine.
WITH due AS (
    SELECT standing.support_id,
           ntile(cardinality(%(holders)s)) OVER (
               ORDER BY CASE WHEN %(mixed)s THEN hashint8extended(standing.support_id, %(seed)s) ELSE standing.area END,
                        standing.support_id
           ) AS tile
      FROM supports_standing AS standing
      LEFT JOIN verification_work AS work ON work.support_id = standing.support_id
      LEFT JOIN verification_secondreading AS reading ON reading.support_id = standing.support_id
     WHERE standing.submission_id = %(submission)s
       AND standing.area BETWEEN %(area_from)s AND %(area_to)s
       AND standing.vermin = 'unverified'
       AND work.support_id IS NULL
       AND reading.support_id IS NULL
)
INSERT INTO verification_work (support_id, submission_id, holder_id)
SELECT support_id, %(submission)s, (%(holders)s)[tile]
  FROM due
