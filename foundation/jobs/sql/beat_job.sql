-- Says that the holder of this attempt is alive, how far it is, and asks whether to stop.
-- Reads and writes jobs_job.
-- No row comes back when the attempt is no longer the holder's.
-- Relies on the primary key; under 1 ms.
UPDATE jobs_job
   SET heartbeat_at = clock_timestamp(),
       step = %(step)s,
       done = %(done)s,
       total = %(total)s
 WHERE id = %(id)s
   AND attempt = %(attempt)s
   AND state = 'running'
RETURNING cancel_requested
