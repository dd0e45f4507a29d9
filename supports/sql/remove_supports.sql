-- Takes away the supports of one round whose ids lie in [first, last).
-- Writes supports_support.
-- Part of discarding an upload; the counts follow by their trigger.
-- Relies on supports_support's key; 2 s for 1.2 M rows.
DELETE FROM supports_support
 WHERE submission_id = %(submission)s
   AND id >= %(first)s
   AND id < %(last)s
