-- Takes away the findings of the rows %(ids)s of one round.
-- Writes supports_finding.
-- Part of replacing rows and of removing copies; the counts follow by their trigger.
-- Relies on supports_finding's key; 2 s for 500,000 rows.
DELETE FROM supports_finding AS finding
 USING unnest(%(ids)s::bigint[]) AS going (id)
 WHERE finding.submission_id = %(submission)s
   AND finding.code = ANY(%(codes)s)
   AND finding.support_id = going.id
