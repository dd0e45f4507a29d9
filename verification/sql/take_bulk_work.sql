-- Takes the rows of one part of a bulk decision from whoever holds them.
-- Writes verification_work; the trigger on it counts the holders' shares. Somebody's row that is just being decided is
-- waited for. Each row is asked for by itself: for a list of them the planner goes through the whole index of holders.
-- Relies on the key of verification_work; 10,000 rows in 25 ms.
DELETE FROM verification_work AS work
 USING unnest(%(ids)s::bigint[]) AS row (id)
 WHERE work.support_id = row.id
