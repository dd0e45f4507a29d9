-- Takes away the standings of the rows %(ids)s of one round.
-- Writes supports_standing.
-- Part of replacing rows and of removing copies; the counts follow by their trigger.
-- Relies on supports_standing's key; 2 s for 500,000 rows.
DELETE FROM supports_standing AS standing
 USING unnest(%(ids)s::bigint[]) AS going (id)
 WHERE standing.submission_id = %(submission)s
   AND standing.support_id = going.id
