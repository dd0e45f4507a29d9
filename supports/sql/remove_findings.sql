-- Takes away the findings of one round whose ids lie in [first, last).
-- Writes supports_finding.
-- Part of discarding an upload; the counts follow by their trigger.
-- Relies on supports_finding's key; 2 s for 1.2 M rows.
DELETE FROM supports_finding
 WHERE submission_id = %(submission)s
   AND code = ANY(%(codes)s)
   AND support_id >= %(first)s
   AND support_id < %(last)s
