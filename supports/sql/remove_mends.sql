-- Takes away what is written about the ids in [first, last) taking the place of others.
-- Writes supports_mend.
-- Part of discarding an upload, after accept_late_mends.
-- Relies on mend_by_support; 1 s for 500,000 rows.
DELETE FROM supports_mend WHERE support_id >= %(first)s AND support_id < %(last)s
