-- Takes away the supports of the rows %(ids)s of one round.
-- Writes supports_support.
-- Part of replacing rows and of removing copies; the counts follow by their trigger.
-- Relies on supports_support's key; 2 s for 500,000 rows.
DELETE FROM supports_support AS support
 USING unnest(%(ids)s::bigint[]) AS going (id)
 WHERE support.submission_id = %(submission)s
   AND support.id = going.id
