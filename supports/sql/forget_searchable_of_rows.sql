-- Takes away by what the rows %(ids)s of one round are found.
-- Writes supports_supportsearch.
-- Part of replacing rows and of removing chosen ones.
-- Relies on supports_supportsearch's key; 2 s for 500,000 rows.
DELETE FROM supports_supportsearch AS search
 USING unnest(%(ids)s::bigint[]) AS going (id)
 WHERE search.submission_id = %(submission)s
   AND search.support_id = going.id
