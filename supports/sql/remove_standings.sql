-- Takes away the standings of one round whose ids lie in [first, last).
-- Writes supports_standing.
-- Part of discarding an upload; the counts follow by their trigger.
-- Relies on supports_standing's key; 2 s for 1.2 M rows.
DELETE FROM supports_standing
 WHERE submission_id = %(submission)s
   AND support_id >= %(first)s
   AND support_id < %(last)s
