-- Takes away by what rows of one round are found whose ids lie in [first, last).
-- Writes supports_supportsearch.
-- Part of discarding an upload, of removing a row, and of moving rows to another round.
-- Relies on supports_supportsearch's key; 1 s for 1.2 M rows.
DELETE FROM supports_supportsearch
 WHERE submission_id = %(submission)s
   AND support_id >= %(first)s
   AND support_id < %(last)s
