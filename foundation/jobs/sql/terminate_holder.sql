-- Ends the database sessions of a job's holder, so that a worker that slept can do nothing when it wakes.
-- Reads pg_stat_activity.
-- Writes nothing; the sessions end.
-- Sessions are known by the application_name the runner gives them; under 5 ms.
SELECT pg_terminate_backend(pid)
  FROM pg_stat_activity
 WHERE application_name LIKE %(name)s
   AND pid <> pg_backend_pid()
