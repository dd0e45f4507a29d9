-- Takes back that rows are sound, and so clean: a rule with effect TMS or BMS that only a whole upload shows speaks of them.
-- Reads and writes supports_standing; the counts follow by their trigger.
-- Run after their Standing was written and before duplicates are looked for.
-- Relies on supports_standing's key; 6 s for 1.2 M rows.
UPDATE supports_standing
   SET sound = false,
       clean = false
 WHERE support_id = ANY(%(ids)s::bigint[])
   AND sound
